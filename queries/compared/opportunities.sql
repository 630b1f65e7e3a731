-- One row per opportunity that is not as it was: its state, dates, quantity and value in the two snapshots.
-- Won: the stage says so (won, gewonnen), or an order line names it, or it is certain. Lost: the stage says so (lost,
-- verloren), or it has no chance left. Else open. Its need date is the date promised, else the one asked for, else the
-- expected close and the product's lead time. Only open opportunities have a value that stands, as the pipeline has.
with opportunities_ordered as (
    select distinct
        'before' as side,
        order_lines.opportunity_id
    from before.extracts.order_lines as order_lines
    union all
    select distinct
        'after' as side,
        order_lines.opportunity_id
    from after.extracts.order_lines as order_lines
),

opportunities_of_both as (
    select
        'before' as side,
        opportunities.*,
        products.lead_time_days
    from before.extracts.opportunities as opportunities
    left join before.extracts.products as products
        on opportunities.product_id = products.product_id
    union all by name
    select
        'after' as side,
        opportunities.*,
        products.lead_time_days
    from after.extracts.opportunities as opportunities
    left join after.extracts.products as products
        on opportunities.product_id = products.product_id
),

opportunities_with_state as (
    select
        opportunities_of_both.*,
        case
            when lower(opportunities_of_both.stage) like '%won%' then 'won'
            when lower(opportunities_of_both.stage) like '%lost%' then 'lost'
            when lower(opportunities_of_both.stage) like '%verloren%' then 'lost'
            when opportunities_ordered.opportunity_id is not null then 'won'
            when opportunities_of_both.probability = 1 then 'won'
            when opportunities_of_both.probability = 0 then 'lost'
            else 'open'
        end as state,
        coalesce(
            opportunities_of_both.promised_date,
            opportunities_of_both.requested_date,
            opportunities_of_both.expected_close_date + cast(coalesce(opportunities_of_both.lead_time_days, 0) as integer)
        ) as need_date,
        cast(
            cast(opportunities_of_both.quantity as decimal(38, 3))
            * coalesce(opportunities_of_both.unit_price, 0) as decimal(38, 2)
        ) as asked_value
    from opportunities_of_both
    left join opportunities_ordered
        on
            opportunities_of_both.side = opportunities_ordered.side
            and opportunities_of_both.opportunity_id = opportunities_ordered.opportunity_id
),

opportunities_then as (
    select opportunities_with_state.*
    from opportunities_with_state
    where opportunities_with_state.side = 'before'
),

opportunities_now as (
    select opportunities_with_state.*
    from opportunities_with_state
    where opportunities_with_state.side = 'after'
),

before_and_after as (
    select
        coalesce(opportunities_now.opportunity_id, opportunities_then.opportunity_id) as opportunity_id,
        coalesce(opportunities_now.customer_id, opportunities_then.customer_id) as customer_id,
        coalesce(opportunities_now.product_id, opportunities_then.product_id) as product_id,
        coalesce(opportunities_now.stage, opportunities_then.stage) as stage,
        coalesce(opportunities_then.state, 'absent') as before_state,
        coalesce(
            opportunities_now.state,
            case when opportunities_ordered.opportunity_id is not null then 'won' else 'absent' end
        ) as after_state,
        opportunities_then.expected_close_date as close_before_date,
        opportunities_now.expected_close_date as close_after_date,
        opportunities_then.need_date as need_before_date,
        opportunities_now.need_date as need_after_date,
        opportunities_then.quantity as before_quantity,
        opportunities_now.quantity as after_quantity,
        coalesce(opportunities_now.asked_value, opportunities_then.asked_value) as concerned_value,
        case when opportunities_then.state = 'open' then opportunities_then.asked_value else 0 end as before_value,
        case when opportunities_now.state = 'open' then opportunities_now.asked_value else 0 end as after_value
    from opportunities_then
    full join opportunities_now
        on opportunities_then.opportunity_id = opportunities_now.opportunity_id
    left join opportunities_ordered
        on opportunities_then.opportunity_id = opportunities_ordered.opportunity_id and opportunities_ordered.side = 'after'
)

select before_and_after.*
from before_and_after
inner join compared.parts as parts
    on parts.part = 'opportunities' and parts.is_compared
where
    before_and_after.before_state <> before_and_after.after_state
    or before_and_after.close_before_date <> before_and_after.close_after_date
    or before_and_after.need_before_date <> before_and_after.need_after_date
    or before_and_after.before_quantity <> before_and_after.after_quantity
    or before_and_after.before_value <> before_and_after.after_value
