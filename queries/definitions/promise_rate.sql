-- Promise rate: the share of promises kept, by order lines, to the first promise (SCOR RL.2.2: the initial commitment
-- counts); empty where nothing was due.
-- Formula: kept ÷ due; over months or customers sum of kept ÷ sum of due, never a mean of rates.
select
    cast(count(*) filter (where promises.is_kept) as double)
    / nullif(count(*) filter (where promises.is_due), 0) as promise_rate
from marts.promises as promises
