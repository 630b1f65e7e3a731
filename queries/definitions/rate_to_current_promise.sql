-- Rate to current promise: the flattering rate: measured to the date we commit to now, so that a re-promise hides a
-- miss.
-- Formula: kept to current promise ÷ due lines whose current promise has come.
select
    cast(count(*) filter (where promises.is_kept_to_current) as double)
    / nullif(count(*) filter (where promises.is_due_to_current), 0) as current_rate
from marts.promises as promises
