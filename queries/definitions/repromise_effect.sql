-- Re-promise effect: what moving promises hides: the distance between the rate to current and the rate to first
-- promise.
-- Formula: rate to current promise − promise rate.
select
    cast(count(*) filter (where promises.is_kept_to_current) as double)
    / nullif(count(*) filter (where promises.is_due_to_current), 0)
    - cast(count(*) filter (where promises.is_kept) as double)
    / nullif(count(*) filter (where promises.is_due), 0) as repromise_effect_rate
from marts.promises as promises
