-- One row per open opportunity: the earliest month in which it could be delivered behind everything firm, against when it is needed.
-- Each is looked at as if it alone were won when its close is expected. The work centre that takes longest limits it.
with completions as (
    select
        opportunity_completions.opportunity_id,
        opportunity_completions.work_centre_id,
        opportunity_completions.completed_month is null as is_beyond_horizon,
        cast(
            opportunity_completions.completed_month + opportunity_completions.offset_months * interval 1 month as date
        ) as ready_month
    from marts.opportunity_completions as opportunity_completions
),

completions_by_opportunity as (
    select
        completions.opportunity_id,
        bool_or(completions.is_beyond_horizon) as is_beyond_horizon,
        max(completions.ready_month) as ready_month
    from completions
    group by completions.opportunity_id
),

slowest_steps as (
    select
        completions.opportunity_id,
        completions.work_centre_id,
        row_number() over (
            partition by completions.opportunity_id
            order by completions.is_beyond_horizon desc, completions.ready_month desc, completions.work_centre_id asc
        ) as place
    from completions
),

steps_by_opportunity as (
    select
        opportunity_steps.opportunity_id,
        count(*) as step_count
    from marts.opportunity_steps as opportunity_steps
    group by opportunity_steps.opportunity_id
),

asking_by_opportunity as (
    select
        completions.opportunity_id,
        count(*) as step_count
    from completions
    group by completions.opportunity_id
),

opportunities_compared as (
    select
        open_opportunities.*,
        steps_by_opportunity.opportunity_id is null as is_without_routing,
        coalesce(steps_by_opportunity.step_count, 0) > coalesce(asking_by_opportunity.step_count, 0) as is_without_hours,
        coalesce(completions_by_opportunity.is_beyond_horizon, false) as is_beyond_horizon,
        case
            when not coalesce(completions_by_opportunity.is_beyond_horizon, false) then completions_by_opportunity.ready_month
        end as earliest_month,
        slowest_steps.work_centre_id as limiting_work_centre_id
    from marts.open_opportunities as open_opportunities
    left join steps_by_opportunity
        on open_opportunities.opportunity_id = steps_by_opportunity.opportunity_id
    left join asking_by_opportunity
        on open_opportunities.opportunity_id = asking_by_opportunity.opportunity_id
    left join completions_by_opportunity
        on open_opportunities.opportunity_id = completions_by_opportunity.opportunity_id
    left join slowest_steps
        on
            open_opportunities.opportunity_id = slowest_steps.opportunity_id
            and slowest_steps.place = 1
)

select
    opportunities_compared.*,
    opportunities_compared.need_date is null as is_without_date,
    opportunities_compared.need_month is not null
    and (
        opportunities_compared.is_beyond_horizon
        or coalesce(opportunities_compared.earliest_month > opportunities_compared.need_month, false)
    ) as is_too_late,
    case
        when opportunities_compared.earliest_month > opportunities_compared.need_month
            then date_diff(
                'day',
                opportunities_compared.need_date,
                cast(opportunities_compared.earliest_month + interval 1 month - interval 1 day as date)
            )
        when opportunities_compared.earliest_month is not null then 0
    end as slip_days
from opportunities_compared
order by opportunities_compared.need_month, opportunities_compared.opportunity_id
