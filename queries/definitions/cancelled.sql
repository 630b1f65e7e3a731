-- Cancelled: order lines cancelled; left out of every rate and counted beside it.
-- Formula: lines with status cancelled.
select count(*) filter (where promises.is_cancelled) as cancelled_count
from marts.promises as promises
