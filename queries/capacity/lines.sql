-- One row per open order line that asks for hours of $work_centre in $load_month, in the order in which it is served.
-- At most a thousand.
select
    customers.customer_name,
    open_steps.order_id,
    open_steps.line_number,
    coalesce(products.product_name, open_steps.product_id) as product_name,
    open_steps.first_promised_date,
    open_steps.promised_date,
    promises_ahead.projected_date,
    open_steps.step_hours,
    open_steps.is_backlog,
    promises_ahead.is_at_risk,
    promises_ahead.at_risk_value,
    open_steps.customer_id
from marts.open_steps as open_steps
inner join marts.promises_ahead as promises_ahead
    on
        open_steps.order_id = promises_ahead.order_id
        and open_steps.line_number = promises_ahead.line_number
inner join marts.customers as customers
    on open_steps.customer_id = customers.customer_id
left join extracts.products as products
    on open_steps.product_id = products.product_id
where
    open_steps.work_centre_id = $work_centre
    and open_steps.load_month = cast($load_month as date)
order by open_steps.first_promised_date, open_steps.order_id, open_steps.line_number
limit 1000
