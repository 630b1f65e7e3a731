-- One row per claim and work centre that it takes hours of in the months known: what sop/allocation.py deals out.
-- Claims are open order lines, and open opportunities where asked for, numbered as in arbitrate/lines; hours of opportunities are by
-- their chance. What falls where hours are unknown claims nothing.
with lines_numbered as (
    select
        promises_ahead.order_id,
        promises_ahead.line_number,
        row_number() over (
            order by promises_ahead.first_promised_date, promises_ahead.order_id, promises_ahead.line_number
        ) - 1 as claim_number
    from marts.promises_ahead as promises_ahead
),

opportunities_numbered as (
    select
        open_opportunities.opportunity_id,
        open_opportunities.probability_rate,
        row_number() over (order by open_opportunities.need_date, open_opportunities.opportunity_id) - 1
        + (select count(*) from lines_numbered) as claim_number
    from marts.open_opportunities as open_opportunities
    where
        open_opportunities.need_date is not null
        and open_opportunities.probability_rate > 0
        and ($opportunities = 'all' or ($opportunities = 'told' and open_opportunities.kind = 'spoken for'))
),

steps_claiming as (
    select
        lines_numbered.claim_number,
        open_steps.work_centre_id,
        open_steps.load_month,
        open_steps.step_hours
    from marts.open_steps as open_steps
    inner join lines_numbered
        on
            open_steps.order_id = lines_numbered.order_id
            and open_steps.line_number = lines_numbered.line_number
    union all
    select
        opportunities_numbered.claim_number,
        opportunity_steps.work_centre_id,
        opportunity_steps.load_month,
        opportunity_steps.step_hours * opportunities_numbered.probability_rate as step_hours
    from marts.opportunity_steps as opportunity_steps
    inner join opportunities_numbered
        on opportunity_steps.opportunity_id = opportunities_numbered.opportunity_id
)

select
    cast(steps_claiming.claim_number as bigint) as claim_number,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    steps_claiming.step_hours
from steps_claiming
inner join marts.work_centre_months as work_centre_months
    on
        steps_claiming.work_centre_id = work_centre_months.work_centre_id
        and steps_claiming.load_month = work_centre_months.month
order by steps_claiming.claim_number, work_centre_months.work_centre_number
