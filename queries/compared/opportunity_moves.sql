-- One row per opportunity and what moved of it, with the change of the pipeline, not weighted by chance.
-- An open opportunity may have slipped and changed too: that is two rows, and only the second changes the pipeline.
-- Of the expected close and the need date the one that moved further is shown. One that had been won or lost and is
-- no longer extracted has not moved.
with opportunities_with_days as (
    select
        opportunities.*,
        coalesce(date_diff('day', opportunities.close_before_date, opportunities.close_after_date), 0) as close_days,
        coalesce(date_diff('day', opportunities.need_before_date, opportunities.need_after_date), 0) as need_days,
        opportunities.before_state = 'open' and opportunities.after_state = 'open' as is_open_in_both
    from compared.opportunities as opportunities
),

opportunities_with_kind as (
    select
        opportunities_with_days.*,
        case
            when after_state in ('won', 'lost') then after_state
            when after_state = 'absent' then 'gone'
            when before_state = 'absent' then 'new'
            else 'open again'
        end as kind
    from opportunities_with_days
    where
        before_state <> after_state
        and not (before_state in ('won', 'lost') and after_state = 'absent')
    union all
    select
        opportunities_with_days.*,
        case when greatest(close_days, need_days) > 0 then 'slipped' else 'brought forward' end as kind
    from opportunities_with_days
    where
        is_open_in_both
        and (close_days <> 0 or need_days <> 0)
    union all
    select
        opportunities_with_days.*,
        case when before_quantity <> after_quantity then 'quantity changed' else 'price changed' end as kind
    from opportunities_with_days
    where
        is_open_in_both
        and (before_quantity <> after_quantity or before_value <> after_value)
)

select
    opportunities_with_kind.kind,
    opportunities_with_kind.opportunity_id,
    opportunities_with_kind.customer_id,
    opportunities_with_kind.product_id,
    opportunities_with_kind.stage,
    case when abs(close_days) > abs(need_days) then close_before_date else need_before_date end as before_date,
    case when abs(close_days) > abs(need_days) then close_after_date else need_after_date end as after_date,
    case
        when opportunities_with_kind.kind not in ('slipped', 'brought forward') then null
        when abs(close_days) > abs(need_days) then close_days
        else need_days
    end as moved_days,
    opportunities_with_kind.before_quantity,
    opportunities_with_kind.after_quantity,
    opportunities_with_kind.concerned_value,
    case
        when opportunities_with_kind.kind in ('slipped', 'brought forward') then 0
        else opportunities_with_kind.after_value - opportunities_with_kind.before_value
    end as change_value
from opportunities_with_kind
