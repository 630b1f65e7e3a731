-- One row per kind of move of the parts that both snapshots have: how many, of how many customers, and their value.
-- The change is that of all orders not cancelled, or of the open pipeline; it adds up over the kinds of order lines and
-- over those of opportunities. A promise that moved changes neither. The usual kinds are shown without a move too.
with kinds as (
    select
        kinds_in_order.part,
        kinds_in_order.moved,
        kinds_in_order.kind,
        kinds_in_order.kind_number,
        kinds_in_order.is_usual
    from (
        values
        ('order lines', 'promise', 'by us', 1, true),
        ('order lines', 'promise', 'by the customer', 2, true),
        ('opportunities', 'opportunity', 'new', 3, true),
        ('opportunities', 'opportunity', 'won', 4, true),
        ('opportunities', 'opportunity', 'lost', 5, true),
        ('opportunities', 'opportunity', 'gone', 6, false),
        ('opportunities', 'opportunity', 'open again', 7, false),
        ('opportunities', 'opportunity', 'slipped', 8, true),
        ('opportunities', 'opportunity', 'brought forward', 9, false),
        ('opportunities', 'opportunity', 'quantity changed', 10, true),
        ('opportunities', 'opportunity', 'price changed', 11, false),
        ('order lines', 'order line', 'new', 12, true),
        ('order lines', 'order line', 'cancelled', 13, true),
        ('order lines', 'order line', 'gone', 14, true),
        ('order lines', 'order line', 'back', 15, false),
        ('order lines', 'order line', 'quantity changed', 16, true),
        ('order lines', 'order line', 'price changed', 17, false),
        ('hours', 'hours', 'more', 18, true),
        ('hours', 'hours', 'fewer', 19, true),
        ('hours', 'hours', 'stated now', 20, false),
        ('hours', 'hours', 'no longer stated', 21, false)
    ) as kinds_in_order (part, moved, kind, kind_number, is_usual)
),

moves as (
    select
        'promise' as moved,
        promise_moves.kind,
        promise_moves.customer_id,
        promise_moves.moved_days,
        promise_moves.concerned_value,
        cast(null as decimal(38, 2)) as change_value,
        cast(null as double) as change_hours
    from compared.promise_moves as promise_moves
    union all
    select
        'opportunity' as moved,
        opportunity_moves.kind,
        opportunity_moves.customer_id,
        opportunity_moves.moved_days,
        opportunity_moves.concerned_value,
        opportunity_moves.change_value,
        cast(null as double) as change_hours
    from compared.opportunity_moves as opportunity_moves
    union all
    select
        'order line' as moved,
        order_line_moves.kind,
        order_line_moves.customer_id,
        cast(null as bigint) as moved_days,
        order_line_moves.concerned_value,
        order_line_moves.change_value,
        cast(null as double) as change_hours
    from compared.order_line_moves as order_line_moves
    union all
    select
        'hours' as moved,
        hour_moves.kind,
        cast(null as varchar) as customer_id,
        cast(null as bigint) as moved_days,
        cast(null as decimal(38, 2)) as concerned_value,
        cast(null as decimal(38, 2)) as change_value,
        hour_moves.change_hours
    from compared.hour_moves as hour_moves
)

select
    kinds.moved,
    kinds.kind,
    count(moves.kind) as moves_count,
    case when kinds.moved <> 'hours' then count(distinct moves.customer_id) end as customer_count,
    cast(sum(moves.moved_days) as bigint) as moved_days,
    cast(sum(moves.concerned_value) as decimal(38, 2)) as concerned_value,
    cast(sum(moves.change_value) as decimal(38, 2)) as change_value,
    sum(moves.change_hours) as change_hours
from kinds
inner join compared.parts as parts
    on kinds.part = parts.part and parts.is_compared
left join moves
    on kinds.moved = moves.moved and kinds.kind = moves.kind
group by kinds.moved, kinds.kind, kinds.kind_number, kinds.is_usual
having kinds.is_usual or count(moves.kind) > 0
order by kinds.kind_number
