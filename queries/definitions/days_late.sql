-- Days late: how many days after the first promise a line was complete, or is still waiting; never below 0.
-- Formula: completed: completed date − first promised date; due and incomplete: as of − first promised date; mean over
-- the due lines not kept.
select
    cast(sum(promises.late_days) filter (where promises.is_due and not promises.is_kept) as double)
    / nullif(count(*) filter (where promises.is_due and not promises.is_kept), 0) as mean_late_days
from marts.promises as promises
