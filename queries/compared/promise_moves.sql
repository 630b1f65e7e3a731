-- One row per order line whose promise moved, and who moved it: the days by us and by the customer add up to the move.
-- What the customer moved is read from the events seen since; the rest of the move is ours. The event that follows the
-- last one known then is left for a first promise that was stated afterwards, and the two that follow may correct who made
-- a move known then: neither is a move since.
with lines_moved as (
    select
        order_lines.*,
        date_diff('day', order_lines.before_date, order_lines.after_date) as moved_days
    from compared.order_lines as order_lines
    where
        order_lines.is_in_before
        and order_lines.is_in_after
        and not order_lines.is_cancelled_after
        and order_lines.before_date <> order_lines.after_date
),

events_known_before as (
    select
        promise_events.order_id,
        promise_events.line_number,
        max(promise_events.event_number) as event_count
    from before.marts.promise_events as promise_events
    group by promise_events.order_id, promise_events.line_number
),

moves_of_the_customer as (
    select
        promise_events.order_id,
        promise_events.line_number,
        sum(promise_events.moved_days) as moved_days
    from after.marts.promise_events as promise_events
    left join events_known_before
        on
            promise_events.order_id = events_known_before.order_id
            and promise_events.line_number = events_known_before.line_number
    where
        promise_events.moved_by = 'customer'
        and promise_events.event_number > coalesce(events_known_before.event_count, 0) + 1
        and (promise_events.reason is null or promise_events.event_number > coalesce(events_known_before.event_count, 0) + 2)
    group by promise_events.order_id, promise_events.line_number
),

moves_by_both as (
    select
        lines_moved.*,
        'by us' as kind,
        lines_moved.moved_days - coalesce(moves_of_the_customer.moved_days, 0) as own_days
    from lines_moved
    left join moves_of_the_customer
        on
            lines_moved.order_id = moves_of_the_customer.order_id
            and lines_moved.line_number = moves_of_the_customer.line_number
    union all
    select
        lines_moved.*,
        'by the customer' as kind,
        moves_of_the_customer.moved_days as own_days
    from lines_moved
    inner join moves_of_the_customer
        on
            lines_moved.order_id = moves_of_the_customer.order_id
            and lines_moved.line_number = moves_of_the_customer.line_number
)

select
    moves_by_both.kind,
    moves_by_both.order_id,
    moves_by_both.line_number,
    moves_by_both.customer_id,
    moves_by_both.product_id,
    moves_by_both.before_date,
    moves_by_both.after_date,
    cast(moves_by_both.own_days as bigint) as moved_days,
    moves_by_both.concerned_value
from moves_by_both
where moves_by_both.own_days <> 0
