-- One row per product: what it is, what it costs and how long it takes.
select
    product_id,
    product_name,
    product_family,
    round(list_price * cost_share, 2)::decimal(18, 2) as unit_cost,
    lead_time_days
from sample.product_habits
order by product_index
