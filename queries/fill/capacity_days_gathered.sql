-- Adds the hours that a file gives by the day up to months.
select
    capacity.work_centre_id,
    cast(date_trunc('month', capacity.month) as date) as month,
    sum(capacity.available_hours) as available_hours
from extracts.capacity as capacity
where capacity.rowid between $first_row_id and $last_row_id
group by capacity.work_centre_id, cast(date_trunc('month', capacity.month) as date)
