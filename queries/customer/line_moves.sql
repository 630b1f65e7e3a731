-- One row per move of the promise of order line $line_number of $order_id, in the order in which they were seen.
select
    promise_events.event_number,
    promise_events.moved_from_date,
    promise_events.moved_to_date,
    promise_events.moved_days,
    promise_events.moved_by,
    promise_events.seen_date,
    promise_events.reason
from marts.promise_events as promise_events
where
    promise_events.order_id = $order_id
    and promise_events.line_number = $line_number
order by promise_events.event_number
