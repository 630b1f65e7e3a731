-- One row per work centre and month that stops open promises of $customer, the most value first: what will break there, and who is there.
-- The queue is everybody's open order lines with hours in that month.
with stopped as (
    select
        promises_ahead.blocking_work_centre_id,
        promises_ahead.blocking_month,
        count(*) as at_risk_count,
        cast(sum(promises_ahead.at_risk_value) as decimal(38, 2)) as at_risk_value
    from marts.promises_ahead as promises_ahead
    where
        promises_ahead.customer_id = $customer
        and promises_ahead.is_at_risk
        and promises_ahead.blocking_work_centre_id is not null
    group by promises_ahead.blocking_work_centre_id, promises_ahead.blocking_month
),

asked_there as (
    select
        queues.work_centre_id,
        queues.load_month,
        count(distinct queues.customer_id) as customer_count,
        sum(queues.step_hours) as queue_hours,
        sum(case when queues.customer_id = $customer then queues.step_hours else 0 end) as own_hours
    from stopped
    inner join marts.queues as queues
        on
            stopped.blocking_work_centre_id = queues.work_centre_id
            and stopped.blocking_month = queues.load_month
    group by queues.work_centre_id, queues.load_month
)

select
    work_centres.work_centre_name as blocking_work_centre_name,
    stopped.blocking_month,
    stopped.at_risk_count,
    stopped.at_risk_value,
    asked_there.own_hours,
    asked_there.queue_hours,
    work_centre_months.available_hours,
    asked_there.customer_count,
    stopped.blocking_work_centre_id
from stopped
inner join marts.work_centres as work_centres
    on stopped.blocking_work_centre_id = work_centres.work_centre_id
inner join asked_there
    on
        stopped.blocking_work_centre_id = asked_there.work_centre_id
        and stopped.blocking_month = asked_there.load_month
left join marts.work_centre_months as work_centre_months
    on
        stopped.blocking_work_centre_id = work_centre_months.work_centre_id
        and stopped.blocking_month = work_centre_months.month
order by stopped.at_risk_value desc, stopped.blocking_work_centre_id, stopped.blocking_month
