-- One row: where the wait of $customer came from, in days over all lines promised from $first_month to $last_month.
-- wait = offered + moved by us + moved by the customer + missed, exactly. A line still open ends at the day the extracts
-- speak for when it is overdue, at its promise when it is not; how many of each is counted beside.
select
    count(*) as line_count,
    count(*) filter (where promises.requested_date is null) as unasked_count,
    count(*) filter (where promises.ended_by = 'waiting') as waiting_count,
    count(*) filter (where promises.ended_by = 'promised') as promised_count,
    cast(coalesce(sum(promises.offered_days), 0) as bigint) as offered_days,
    cast(coalesce(sum(promises.moved_by_us_days), 0) as bigint) as moved_by_us_days,
    cast(coalesce(sum(promises.moved_by_customer_days), 0) as bigint) as moved_by_customer_days,
    cast(coalesce(sum(promises.missed_days), 0) as bigint) as missed_days,
    cast(coalesce(sum(promises.wait_days), 0) as bigint) as wait_days
from marts.promises as promises
where
    promises.customer_id = $customer
    and not promises.is_cancelled
    and promises.promise_month >= coalesce(cast($first_month as date), promises.promise_month)
    and promises.promise_month <= coalesce(cast($last_month as date), promises.promise_month)
