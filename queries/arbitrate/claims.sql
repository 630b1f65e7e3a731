-- One row per customer with a claim on $work_centre in $month: its open order lines that ask for hours there, the most hours first.
-- Broken are the lines that come late if nobody decides, wherever they are held up. At most a thousand.
select
    queues.customer_id,
    customers.customer_name,
    customers.tier,
    count(*) as line_count,
    sum(queues.step_hours) as step_hours,
    sum(queues.open_value) as open_value,
    min(queues.first_promised_date) as first_promised_date,
    count(*) filter (where queues.is_at_risk) as broken_count
from marts.queues as queues
inner join marts.customers as customers
    on queues.customer_id = customers.customer_id
where
    queues.work_centre_id = $work_centre
    and queues.load_month = cast($month as date)
group by queues.customer_id, customers.customer_name, customers.tier
order by sum(queues.step_hours) desc, queues.customer_id
limit 1000
