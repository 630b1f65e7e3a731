-- One row per open order line, work centre and month: the hours that it is given there, the earliest first promise served first.
-- This file lists what asks for hours, in the order in which it is served; sop/allocation.py gives each what is left, month by month.
-- What falls in months, or on work centres, whose hours are unknown does not ask.
select
    open_steps.order_id,
    open_steps.line_number,
    open_steps.work_centre_id,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    open_steps.step_hours
from marts.open_steps as open_steps
inner join marts.work_centre_months as work_centre_months
    on
        open_steps.work_centre_id = work_centre_months.work_centre_id
        and open_steps.load_month = work_centre_months.month
order by
    work_centre_months.work_centre_number,
    open_steps.first_promised_date,
    open_steps.order_id,
    open_steps.line_number
