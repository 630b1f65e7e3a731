-- One row per open order line and work centre on its routing whose hours are not all there in the month in which they fall: how many
-- come too late, and the month in which the last is there, empty where that is in none of the months known.
-- Where hours are unknown, nothing known stands against the promise: such a step is not late.
with given_by_step as (
    select
        hours_given.claim_number,
        hours_given.work_centre_id,
        hours_given.load_month,
        max(hours_given.step_hours) as step_hours,
        sum(hours_given.given_hours) as given_hours,
        sum(case when hours_given.month = hours_given.load_month then hours_given.given_hours else 0 end) as in_time_hours,
        max(hours_given.month) as last_month
    from marts.hours_given as hours_given
    group by hours_given.claim_number, hours_given.work_centre_id, hours_given.load_month
)

select
    given_by_step.claim_number,
    open_lines.customer_id,
    open_lines.order_id,
    open_lines.line_number,
    given_by_step.work_centre_id,
    given_by_step.load_month,
    given_by_step.step_hours,
    case when given_by_step.given_hours >= given_by_step.step_hours - 0.000001 then given_by_step.last_month end as completed_month,
    given_by_step.step_hours - given_by_step.in_time_hours as late_hours
from given_by_step
inner join marts.open_lines as open_lines
    on given_by_step.claim_number = open_lines.claim_number
order by given_by_step.work_centre_id, given_by_step.load_month, given_by_step.claim_number
