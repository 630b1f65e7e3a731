-- Adds the hours that a file gives by the week up to months: a fifth to each day from Monday to Friday.
select
    days.work_centre_id,
    cast(date_trunc('month', days.day_date) as date) as month,
    sum(days.available_hours) as available_hours
from (
    select
        capacity.work_centre_id,
        capacity.available_hours / 5 as available_hours,
        cast(date_trunc('week', capacity.month) as date) + cast(weekdays.number as integer) as day_date
    from extracts.capacity as capacity
    cross join (select unnest([0, 1, 2, 3, 4]) as number) as weekdays
    where capacity.rowid between $first_row_id and $last_row_id
) as days
group by days.work_centre_id, cast(date_trunc('month', days.day_date) as date)
