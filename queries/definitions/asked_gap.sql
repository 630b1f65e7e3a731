-- Padding: the mean days between what the customer asked for and what we first promised, where we promised later; what
-- we could not even promise.
-- Formula: mean of max(first promised date − requested date, 0) over the lines not cancelled that have a requested
-- date.
select
    cast(sum(promises.asked_gap_days) filter (where promises.requested_date is not null and not promises.is_cancelled) as double)
    / nullif(count(*) filter (where promises.requested_date is not null and not promises.is_cancelled), 0) as padding_days
from marts.promises as promises
