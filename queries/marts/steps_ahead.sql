-- One row per open order line and work centre on its routing: when its hours are there, and how many of them come too late.
-- Where hours are unknown, nothing known stands against the promise: the step counts as worked in its month, and says so.
with given_by_step as (
    select
        hours_given.order_id,
        hours_given.line_number,
        hours_given.work_centre_id,
        sum(hours_given.given_hours) as given_hours,
        sum(case when hours_given.is_in_time then hours_given.given_hours else 0 end) as in_time_hours,
        max(hours_given.month) as last_month
    from marts.hours_given as hours_given
    group by hours_given.order_id, hours_given.line_number, hours_given.work_centre_id
),

steps_with_hours as (
    select
        open_steps.*,
        work_centre_months.month is not null as has_hours,
        coalesce(given_by_step.given_hours, 0) as given_hours,
        coalesce(given_by_step.in_time_hours, 0) as in_time_hours,
        given_by_step.last_month
    from marts.open_steps as open_steps
    left join marts.work_centre_months as work_centre_months
        on
            open_steps.work_centre_id = work_centre_months.work_centre_id
            and open_steps.load_month = work_centre_months.month
    left join given_by_step
        on
            open_steps.order_id = given_by_step.order_id
            and open_steps.line_number = given_by_step.line_number
            and open_steps.work_centre_id = given_by_step.work_centre_id
)

select
    steps_with_hours.order_id,
    steps_with_hours.line_number,
    steps_with_hours.work_centre_id,
    steps_with_hours.load_month,
    steps_with_hours.step_hours,
    steps_with_hours.has_hours,
    case
        when not steps_with_hours.has_hours then steps_with_hours.load_month
        when steps_with_hours.given_hours >= steps_with_hours.step_hours - 0.000001 then steps_with_hours.last_month
    end as completed_month,
    case
        when not steps_with_hours.has_hours then cast(0 as double)
        else greatest(steps_with_hours.step_hours - steps_with_hours.in_time_hours, 0)
    end as late_hours
from steps_with_hours
