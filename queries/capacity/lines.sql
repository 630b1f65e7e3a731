-- One row per open order line that asks for hours of $work_centre in $load_month, in the order in which it is served.
-- At most a thousand.
select
    customers.customer_name,
    queues.order_id,
    queues.line_number,
    coalesce(products.product_name, queues.product_id) as product_name,
    queues.first_promised_date,
    queues.promised_date,
    queues.projected_date,
    queues.step_hours,
    queues.is_backlog,
    queues.is_at_risk,
    queues.at_risk_value,
    queues.customer_id
from marts.queues as queues
inner join marts.customers as customers
    on queues.customer_id = customers.customer_id
left join extracts.products as products
    on queues.product_id = products.product_id
where
    queues.work_centre_id = $work_centre
    and queues.load_month = cast($load_month as date)
order by queues.first_promised_date, queues.order_id, queues.line_number
limit 1000
