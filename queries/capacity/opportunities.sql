-- One row per open opportunity that would ask for hours of $work_centre in $load_month, the most hours first.
-- At most a thousand.
select
    customers.customer_name,
    opportunities_ahead.opportunity_id,
    opportunities_ahead.stage,
    opportunities_ahead.kind,
    opportunities_ahead.probability_rate,
    opportunities_ahead.need_date,
    opportunity_steps.step_hours,
    opportunities_ahead.earliest_month,
    opportunities_ahead.opportunity_value as in_full_value
from marts.opportunity_steps as opportunity_steps
inner join marts.opportunities_ahead as opportunities_ahead
    on opportunity_steps.opportunity_id = opportunities_ahead.opportunity_id
inner join marts.customers as customers
    on opportunity_steps.customer_id = customers.customer_id
where
    opportunity_steps.work_centre_id = $work_centre
    and opportunity_steps.load_month = cast($load_month as date)
order by opportunity_steps.step_hours desc, opportunities_ahead.opportunity_id
limit 1000
