-- One row per order: whether it was kept as a whole, since customers care about complete orders.
-- An order counts in the month of its latest first promise that has come: only then can it be complete. Its due lines decide.
select
    promises.customer_id,
    promises.order_id,
    coalesce(
        max(case when promises.is_due or promises.is_cancelled_past_promise then promises.promise_month end),
        max(promises.promise_month)
    ) as promise_month,
    bool_or(promises.is_due) as is_due,
    bool_or(promises.is_due) and bool_and(promises.is_kept or not promises.is_due) as is_kept,
    bool_or(promises.is_due_to_request) as is_due_to_request,
    bool_or(promises.is_due_to_request)
    and bool_and(promises.is_kept_to_request_strictly or not promises.is_due_to_request) as is_kept_to_request_strictly,
    bool_or(promises.is_due_to_request or promises.is_cancelled_past_promise) as is_due_with_cancelled,
    bool_or(promises.is_due_to_request)
    and bool_and(
        (promises.is_kept_to_request_strictly or not promises.is_due_to_request)
        and not promises.is_cancelled_past_promise
    ) as is_kept_with_cancelled
from marts.promises as promises
group by promises.customer_id, promises.order_id
