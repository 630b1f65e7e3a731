-- One row per step of the bridge from the value at risk then to the value at risk now; the steps add up exactly.
-- Each order line is in one step. What was at risk and is more so now counts with its increase, what is less so with
-- its decrease.
with steps_in_order as (
    select
        steps.step,
        steps.step_number
    from (
        values
        ('new orders', 2),
        ('larger or dearer', 3),
        ('promise moved earlier', 4),
        ('hours or other', 5),
        ('delivered', 6),
        ('cancelled or gone', 7),
        ('smaller or cheaper', 8),
        ('promise moved later', 9),
        ('no longer late', 10)
    ) as steps (step, step_number)
),

steps_with_totals as (
    select
        1 as step_number,
        'at risk then' as step,
        true as is_total,
        count(*) filter (where at_risk.before_value <> 0) as line_count,
        sum(at_risk.before_value) as change_value
    from compared.at_risk as at_risk
    union all
    select
        steps_in_order.step_number,
        steps_in_order.step,
        false as is_total,
        count(at_risk.step) as line_count,
        sum(at_risk.change_value) as change_value
    from steps_in_order
    left join compared.at_risk as at_risk
        on steps_in_order.step = at_risk.step
    group by steps_in_order.step_number, steps_in_order.step
    union all
    select
        11 as step_number,
        'at risk now' as step,
        true as is_total,
        count(*) filter (where at_risk.after_value <> 0) as line_count,
        sum(at_risk.after_value) as change_value
    from compared.at_risk as at_risk
)

select
    steps_with_totals.step_number,
    steps_with_totals.step,
    steps_with_totals.is_total,
    steps_with_totals.line_count,
    cast(coalesce(steps_with_totals.change_value, 0) as decimal(38, 2)) as change_value
from steps_with_totals
order by steps_with_totals.step_number
