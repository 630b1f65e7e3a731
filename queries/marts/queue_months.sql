-- One row per work centre and month ahead with open order lines in its queue: how many customers, and the hours they ask for.
select
    queues.work_centre_id,
    queues.load_month as month,
    count(distinct queues.customer_id) as customer_count,
    count(*) as step_count,
    sum(queues.step_hours) as queue_hours
from marts.queues as queues
group by queues.work_centre_id, queues.load_month
order by queues.work_centre_id, queues.load_month
