-- One row per work centre whose hours are known and month ahead: the hours that no open order line is given.
with late_steps as (
    select distinct
        hours_given.claim_number,
        hours_given.work_centre_id
    from marts.hours_given as hours_given
),

hours_by_month as (
    select
        open_steps.work_centre_id,
        open_steps.load_month as month,
        open_steps.step_hours as given_hours
    from marts.open_steps as open_steps
    anti join late_steps
        on
            open_steps.claim_number = late_steps.claim_number
            and open_steps.work_centre_id = late_steps.work_centre_id
    union all
    select
        hours_given.work_centre_id,
        hours_given.month,
        hours_given.given_hours
    from marts.hours_given as hours_given
),

given_by_month as (
    select
        hours_by_month.work_centre_id,
        hours_by_month.month,
        sum(hours_by_month.given_hours) as given_hours
    from hours_by_month
    group by hours_by_month.work_centre_id, hours_by_month.month
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
