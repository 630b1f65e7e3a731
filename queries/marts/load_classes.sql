-- One row per work centre, month ahead, kind of load and chance of winning (in whole per cent): hours asked for, whole and weighted.
-- Firm load has a chance of 1. What is not weighed here can be weighed by whoever reads: as recorded, all, none, or the likely ones.
with loads as (
    select
        open_steps.work_centre_id,
        open_steps.load_month as month,
        'firm' as kind,
        1.0 as probability_rate,
        open_steps.step_hours,
        case when open_steps.is_backlog then open_steps.step_hours else 0 end as backlog_hours
    from marts.open_steps as open_steps
    union all
    select
        opportunity_steps.work_centre_id,
        opportunity_steps.load_month as month,
        opportunity_steps.kind,
        opportunity_steps.probability_rate,
        opportunity_steps.step_hours,
        0 as backlog_hours
    from marts.opportunity_steps as opportunity_steps
)

select
    loads.work_centre_id,
    loads.month,
    loads.kind,
    round(cast(loads.probability_rate as double), 2) as probability_rate,
    sum(loads.step_hours) as load_hours,
    sum(loads.step_hours * loads.probability_rate) as weighted_hours,
    sum(loads.backlog_hours) as backlog_hours
from loads
group by loads.work_centre_id, loads.month, loads.kind, round(cast(loads.probability_rate as double), 2)
order by loads.work_centre_id, loads.month
