-- One row per work centre-month at which promises break if nobody decides and a decision in force gives a date to any of them: how many
-- still break in the plan in force.
with months_decided as (
    select distinct
        promises_ahead.blocking_work_centre_id,
        promises_ahead.blocking_month
    from marts.promises_ahead as promises_ahead
    inner join followed_in_force
        on
            promises_ahead.order_id = followed_in_force.order_id
            and promises_ahead.line_number = followed_in_force.line_number
    where
        promises_ahead.is_at_risk
        and promises_ahead.blocking_work_centre_id is not null
)

select
    promises_ahead.blocking_work_centre_id as work_centre_id,
    promises_ahead.blocking_month as month,
    count(*) filter (where followed_in_force.order_id is not null) as with_date_count,
    count(*) filter (
        where followed_in_force.order_id is null
        or coalesce(followed_in_force.decided_promise_date > promises_ahead.promised_date, true)
    ) as still_broken_count
from marts.promises_ahead as promises_ahead
inner join months_decided
    on
        promises_ahead.blocking_work_centre_id = months_decided.blocking_work_centre_id
        and promises_ahead.blocking_month = months_decided.blocking_month
left join followed_in_force
    on
        promises_ahead.order_id = followed_in_force.order_id
        and promises_ahead.line_number = followed_in_force.line_number
where promises_ahead.is_at_risk
group by promises_ahead.blocking_work_centre_id, promises_ahead.blocking_month
order by promises_ahead.blocking_work_centre_id, promises_ahead.blocking_month
