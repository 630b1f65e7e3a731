-- One row per open opportunity and work centre on its routing: the month in which it could be worked there if it were won alone.
-- This file lists what asks; sop/allocation.py finds the month by which the hours that firm orders leave are enough. Several
-- opportunities may be shown the same hours: each is looked at alone. What begins in months, or on work centres, without known hours
-- does not ask.
select
    opportunity_steps.opportunity_id,
    opportunity_steps.work_centre_id,
    opportunity_steps.offset_months,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    opportunity_steps.step_hours
from marts.opportunity_steps as opportunity_steps
inner join marts.work_centre_months as work_centre_months
    on
        opportunity_steps.work_centre_id = work_centre_months.work_centre_id
        and opportunity_steps.start_month = work_centre_months.month
where exists (select 1 from marts.hours_left)
order by opportunity_steps.opportunity_id, opportunity_steps.work_centre_id
