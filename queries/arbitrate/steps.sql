-- One row per claim and work centre that it takes hours of in the months known: what sop/allocation.py deals out.
-- Claims are open order lines, and open opportunities where asked for, numbered as in arbitrate/lines; hours of opportunities are by
-- their chance. What falls where hours are unknown claims nothing. In the order of the queues: millions are not sorted for nothing.
with opportunities_numbered as (
    select
        open_opportunities.opportunity_id,
        open_opportunities.probability_rate,
        row_number() over (order by open_opportunities.need_date, open_opportunities.opportunity_id) - 1
        + (select count(*) from marts.promises_ahead) as claim_number
    from marts.open_opportunities as open_opportunities
    where
        open_opportunities.need_date is not null
        and open_opportunities.probability_rate > 0
        and ($opportunities = 'all' or ($opportunities = 'told' and open_opportunities.kind = 'spoken for'))
)

select
    cast(queues.claim_number as integer) as claim_number,
    queues.work_centre_number,
    cast(queues.month_number as smallint) as month_number,
    queues.step_hours
from marts.queues as queues
where queues.work_centre_number is not null
union all
select
    cast(opportunities_numbered.claim_number as integer) as claim_number,
    work_centre_months.work_centre_number,
    cast(work_centre_months.month_number as smallint) as month_number,
    opportunity_steps.step_hours * opportunities_numbered.probability_rate as step_hours
from marts.opportunity_steps as opportunity_steps
inner join opportunities_numbered
    on opportunity_steps.opportunity_id = opportunities_numbered.opportunity_id
inner join marts.work_centre_months as work_centre_months
    on
        opportunity_steps.work_centre_id = work_centre_months.work_centre_id
        and opportunity_steps.load_month = work_centre_months.month
