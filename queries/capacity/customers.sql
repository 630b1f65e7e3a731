-- One row per customer who asks for hours of $work_centre in $load_month, most firm and spoken-for hours first: who fills it.
-- Spoken-for hours are whole, those of the pipeline by their chance; the share is that of firm hours. Value at risk is of the
-- customer's lines there. At most a thousand.
with hours_asked as (
    select
        queues.customer_id,
        queues.step_hours as firm_hours,
        case when queues.is_backlog then queues.step_hours else 0 end as backlog_hours,
        0 as spoken_for_hours,
        0 as weighted_pipeline_hours,
        case when queues.is_at_risk then 1 else 0 end as at_risk_count,
        case when queues.is_at_risk then queues.at_risk_value else 0 end as at_risk_value
    from marts.queues as queues
    where
        queues.work_centre_id = $work_centre
        and queues.load_month = cast($load_month as date)
    union all
    select
        opportunity_steps.customer_id,
        0 as firm_hours,
        0 as backlog_hours,
        case when opportunity_steps.kind = 'spoken for' then opportunity_steps.step_hours else 0 end as spoken_for_hours,
        case
            when opportunity_steps.kind = 'pipeline' then opportunity_steps.step_hours * opportunity_steps.probability_rate
            else 0
        end as weighted_pipeline_hours,
        0 as at_risk_count,
        0 as at_risk_value
    from marts.opportunity_steps as opportunity_steps
    where
        opportunity_steps.work_centre_id = $work_centre
        and opportunity_steps.load_month = cast($load_month as date)
)

select
    customers.customer_name,
    customers.tier,
    sum(hours_asked.firm_hours) as firm_hours,
    sum(hours_asked.firm_hours) / nullif(sum(sum(hours_asked.firm_hours)) over (), 0) as load_share_rate,
    sum(hours_asked.backlog_hours) as backlog_hours,
    sum(hours_asked.spoken_for_hours) as spoken_for_hours,
    sum(hours_asked.weighted_pipeline_hours) as weighted_pipeline_hours,
    cast(sum(hours_asked.at_risk_count) as bigint) as at_risk_count,
    cast(sum(hours_asked.at_risk_value) as decimal(38, 2)) as at_risk_value,
    customers.customer_id
from hours_asked
inner join marts.customers as customers
    on hours_asked.customer_id = customers.customer_id
group by customers.customer_name, customers.tier, customers.customer_id
order by
    sum(hours_asked.firm_hours) + sum(hours_asked.spoken_for_hours) desc,
    sum(hours_asked.weighted_pipeline_hours) desc,
    customers.customer_id
limit 1000
