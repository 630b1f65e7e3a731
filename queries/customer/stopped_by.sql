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
)

select
    work_centres.work_centre_name as blocking_work_centre_name,
    stopped.blocking_month,
    stopped.at_risk_count,
    stopped.at_risk_value,
    queue_months.queue_hours,
    work_centre_months.available_hours,
    queue_months.customer_count,
    stopped.blocking_work_centre_id
from stopped
inner join marts.work_centres as work_centres
    on stopped.blocking_work_centre_id = work_centres.work_centre_id
inner join marts.queue_months as queue_months
    on
        stopped.blocking_work_centre_id = queue_months.work_centre_id
        and stopped.blocking_month = queue_months.month
left join marts.work_centre_months as work_centre_months
    on
        stopped.blocking_work_centre_id = work_centre_months.work_centre_id
        and stopped.blocking_month = work_centre_months.month
order by stopped.at_risk_value desc, stopped.blocking_work_centre_id, stopped.blocking_month
