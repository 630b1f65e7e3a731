-- One row per work centre whose hours are known and month ahead: the hours that are there, 0 in a month left out of the extract.
-- Both are numbered from 0, so that hours can be given out by place instead of by name.
with numbered_work_centres as (
    select
        work_centres.work_centre_id,
        row_number() over (order by work_centres.work_centre_id) - 1 as work_centre_number
    from marts.work_centres as work_centres
    where work_centres.has_hours
),

months_ahead as (
    select
        cast(calendar.month as date) as month,
        date_diff('month', horizon.first_month, cast(calendar.month as date)) as month_number
    from marts.horizon as horizon
    cross join unnest(generate_series(horizon.first_month, horizon.last_month, interval 1 month)) as calendar (month)
),

hours_by_month as (
    select
        capacity.work_centre_id,
        cast(date_trunc('month', capacity.month) as date) as month,
        sum(greatest(capacity.available_hours, 0)) as available_hours
    from extracts.capacity as capacity
    group by capacity.work_centre_id, cast(date_trunc('month', capacity.month) as date)
)

select
    numbered_work_centres.work_centre_id,
    months_ahead.month,
    cast(numbered_work_centres.work_centre_number as integer) as work_centre_number,
    cast(months_ahead.month_number as integer) as month_number,
    coalesce(hours_by_month.available_hours, 0) as available_hours,
    hours_by_month.available_hours is null as is_missing
from numbered_work_centres
cross join months_ahead
left join hours_by_month
    on
        numbered_work_centres.work_centre_id = hours_by_month.work_centre_id
        and months_ahead.month = hours_by_month.month
order by numbered_work_centres.work_centre_id, months_ahead.month
