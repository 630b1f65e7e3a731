-- One row per work centre whose hours are known and month ahead: the hours there are, and those that no open order line is given.
select
    hours_left.work_centre_id,
    work_centres.work_centre_name,
    hours_left.month,
    hours_left.work_centre_number,
    hours_left.month_number,
    hours_left.available_hours,
    hours_left.left_hours
from marts.hours_left as hours_left
inner join marts.work_centres as work_centres
    on hours_left.work_centre_id = work_centres.work_centre_id
order by hours_left.work_centre_number, hours_left.month_number
