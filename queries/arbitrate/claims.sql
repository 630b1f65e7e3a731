-- One row per customer with a claim on $work_centre in $month: its open order lines that ask for hours there, the most hours first.
-- Broken are the lines that come late if nobody decides, wherever they are held up. At most a thousand.
select
    promises_ahead.customer_id,
    customers.customer_name,
    customers.tier,
    count(*) as line_count,
    sum(open_steps.step_hours) as step_hours,
    sum(promises_ahead.open_value) as open_value,
    min(promises_ahead.first_promised_date) as first_promised_date,
    count(*) filter (where promises_ahead.is_at_risk) as broken_count
from marts.open_steps as open_steps
inner join marts.promises_ahead as promises_ahead
    on
        open_steps.order_id = promises_ahead.order_id
        and open_steps.line_number = promises_ahead.line_number
inner join marts.customers as customers
    on promises_ahead.customer_id = customers.customer_id
where
    open_steps.work_centre_id = $work_centre
    and open_steps.load_month = cast($month as date)
group by promises_ahead.customer_id, customers.customer_name, customers.tier
order by sum(open_steps.step_hours) desc, promises_ahead.customer_id
limit 1000
