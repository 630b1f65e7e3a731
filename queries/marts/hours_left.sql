-- One row per work centre whose hours are known and month ahead: the hours that no open order line is given.
with given_by_month as (
    select
        hours_given.work_centre_id,
        hours_given.month,
        sum(hours_given.given_hours) as given_hours
    from marts.hours_given as hours_given
    group by hours_given.work_centre_id, hours_given.month
)

select
    work_centre_months.work_centre_id,
    work_centre_months.month,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    work_centre_months.available_hours,
    greatest(work_centre_months.available_hours - coalesce(given_by_month.given_hours, 0), 0) as left_hours
from marts.work_centre_months as work_centre_months
left join given_by_month
    on
        work_centre_months.work_centre_id = given_by_month.work_centre_id
        and work_centre_months.month = given_by_month.month
order by work_centre_months.work_centre_id, work_centre_months.month
