-- One row: open opportunity $opportunity, when its customer was told or asked for it, and the earliest month it could be there.
select
    opportunities_ahead.opportunity_id,
    opportunities_ahead.customer_id,
    customers.customer_name,
    coalesce(products.product_name, opportunities_ahead.product_id) as product_name,
    opportunities_ahead.opportunity_quantity,
    opportunities_ahead.opportunity_value,
    opportunities_ahead.probability_rate,
    opportunities_ahead.stage,
    opportunities_ahead.kind,
    opportunities_ahead.need_date,
    opportunities_ahead.need_month,
    opportunities_ahead.earliest_month,
    opportunities_ahead.is_beyond_horizon,
    opportunities_ahead.is_too_late,
    opportunities_ahead.is_without_routing
from marts.opportunities_ahead as opportunities_ahead
inner join marts.customers as customers
    on opportunities_ahead.customer_id = customers.customer_id
left join extracts.products as products
    on opportunities_ahead.product_id = products.product_id
where opportunities_ahead.opportunity_id = $opportunity
