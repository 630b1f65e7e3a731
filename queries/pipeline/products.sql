-- One row per product with a routing, by name: what can be asked for.
select distinct
    routing_steps.product_id,
    coalesce(products.product_name, routing_steps.product_id) as product_name
from marts.routing_steps as routing_steps
left join extracts.products as products
    on routing_steps.product_id = products.product_id
order by product_name, routing_steps.product_id
