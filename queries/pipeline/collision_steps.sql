-- One row per work centre that $opportunity would take hours of, where hours are known: how many for its whole quantity, how long before.
select
    opportunity_steps.work_centre_id,
    work_centre_months.work_centre_number,
    opportunity_steps.offset_months,
    opportunity_steps.step_hours
from marts.opportunity_steps as opportunity_steps
inner join marts.work_centre_months as work_centre_months
    on opportunity_steps.work_centre_id = work_centre_months.work_centre_id
where
    opportunity_steps.opportunity_id = $opportunity
    and work_centre_months.month_number = 0
order by opportunity_steps.work_centre_id
