-- The gap identity: where a wait came from, in days, exact on every line and in every total; an overdue line is
-- counted to as of, a line not due yet to its promise.
-- Formula: delivered − asked = offered + moved by us + moved by the customer + missed.
select
    cast(sum(promises.offered_days) as bigint) as offered_days,
    cast(sum(promises.moved_by_us_days) as bigint) as moved_by_us_days,
    cast(sum(promises.moved_by_customer_days) as bigint) as moved_by_customer_days,
    cast(sum(promises.missed_days) as bigint) as missed_days,
    cast(sum(promises.wait_days) as bigint) as wait_days
from marts.promises as promises
