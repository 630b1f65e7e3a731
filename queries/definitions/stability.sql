-- Stability: the share of order lines whose promise never moved.
-- Formula: lines without a move ÷ all lines.
select cast(count(*) filter (where promises.move_count = 0) as double) / nullif(count(*), 0) as stability_rate
from marts.promises as promises
