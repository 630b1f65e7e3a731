-- One row per order line at risk in either snapshot: its value at risk then and now, and the step that explains the change.
-- A line has one step, the first that applies, so that the steps are sums over lines and add up exactly. Up: new
-- orders, larger or dearer, promise moved earlier, else hours or other. Down: cancelled or gone, delivered (part of it is enough),
-- smaller or cheaper, promise moved later, else no longer late.
with risk_of_both as (
    select
        coalesce(ahead_after.order_id, ahead_before.order_id) as order_id,
        coalesce(ahead_after.line_number, ahead_before.line_number) as line_number,
        coalesce(ahead_after.customer_id, ahead_before.customer_id) as customer_id,
        coalesce(ahead_after.product_id, ahead_before.product_id) as product_id,
        ahead_before.projected_date as projected_before_date,
        ahead_after.projected_date as projected_after_date,
        cast(case when ahead_before.is_at_risk then ahead_before.at_risk_value else 0 end as decimal(38, 2)) as before_value,
        cast(case when ahead_after.is_at_risk then ahead_after.at_risk_value else 0 end as decimal(38, 2)) as after_value
    from before.marts.promises_ahead as ahead_before
    full join after.marts.promises_ahead as ahead_after
        on
            ahead_before.order_id = ahead_after.order_id
            and ahead_before.line_number = ahead_after.line_number
    where ahead_before.is_at_risk or ahead_after.is_at_risk
),

lines_with_story as (
    select
        risk_of_both.*,
        promises_before.promised_date as before_date,
        promises_after.promised_date as after_date,
        promises_before.order_id is null as is_new,
        promises_after.order_id is null or promises_after.is_cancelled as is_cancelled_or_gone,
        promises_after.ordered_quantity > promises_before.ordered_quantity
        or promises_after.unit_price > promises_before.unit_price as is_larger,
        promises_after.ordered_quantity < promises_before.ordered_quantity
        or promises_after.unit_price < promises_before.unit_price as is_smaller,
        promises_after.delivered_quantity > promises_before.delivered_quantity
        or promises_after.completed_date is not null as is_delivered
    from risk_of_both
    left join before.marts.promises as promises_before
        on
            risk_of_both.order_id = promises_before.order_id
            and risk_of_both.line_number = promises_before.line_number
    left join after.marts.promises as promises_after
        on
            risk_of_both.order_id = promises_after.order_id
            and risk_of_both.line_number = promises_after.line_number
)

select
    lines_with_story.order_id,
    lines_with_story.line_number,
    lines_with_story.customer_id,
    lines_with_story.product_id,
    lines_with_story.before_date,
    lines_with_story.after_date,
    lines_with_story.projected_before_date,
    lines_with_story.projected_after_date,
    lines_with_story.before_value,
    lines_with_story.after_value,
    lines_with_story.after_value - lines_with_story.before_value as change_value,
    case
        when lines_with_story.after_value = lines_with_story.before_value then 'as before'
        when lines_with_story.after_value > lines_with_story.before_value
            then case
                when lines_with_story.is_new then 'new orders'
                when lines_with_story.is_larger then 'larger or dearer'
                when lines_with_story.after_date < lines_with_story.before_date then 'promise moved earlier'
                else 'hours or other'
            end
        when lines_with_story.is_cancelled_or_gone then 'cancelled or gone'
        when lines_with_story.is_delivered then 'delivered'
        when lines_with_story.is_smaller then 'smaller or cheaper'
        when lines_with_story.after_date > lines_with_story.before_date then 'promise moved later'
        else 'no longer late'
    end as step
from lines_with_story
