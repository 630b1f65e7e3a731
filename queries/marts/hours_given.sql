-- One row per month that gives hours to a step of an open order line which does not get all of them in its own month, the earliest
-- first promise served first; its own month has a row even where it gives none. Every other step is worked in its month.
-- This file lists what asks for hours, in the order in which it is served; sop/allocation.py gives each what is left, month by month.
-- What falls in months, or on work centres, whose hours are unknown does not ask. It goes once the marts that read it stand.
select
    open_steps.claim_number,
    open_steps.work_centre_id,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    open_steps.step_hours
from marts.open_steps as open_steps
inner join marts.work_centre_months as work_centre_months
    on
        open_steps.work_centre_id = work_centre_months.work_centre_id
        and open_steps.load_month = work_centre_months.month
order by work_centre_months.work_centre_number, open_steps.claim_number
