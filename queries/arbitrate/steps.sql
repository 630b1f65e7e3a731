-- One row per open order line and work centre that it takes hours of in the months known: the claim, as sop/arbitrating.py deals it out.
-- Lines are numbered from 0 by first promise, as in arbitrate/lines; what falls where hours are unknown claims nothing.
with lines_numbered as (
    select
        promises_ahead.order_id,
        promises_ahead.line_number,
        row_number() over (
            order by promises_ahead.first_promised_date, promises_ahead.order_id, promises_ahead.line_number
        ) - 1 as claim_number
    from marts.promises_ahead as promises_ahead
)

select
    cast(lines_numbered.claim_number as bigint) as claim_number,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    open_steps.step_hours
from marts.open_steps as open_steps
inner join marts.work_centre_months as work_centre_months
    on
        open_steps.work_centre_id = work_centre_months.work_centre_id
        and open_steps.load_month = work_centre_months.month
inner join lines_numbered
    on
        open_steps.order_id = lines_numbered.order_id
        and open_steps.line_number = lines_numbered.line_number
order by lines_numbered.claim_number, work_centre_months.work_centre_number
