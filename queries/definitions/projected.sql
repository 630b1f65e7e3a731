-- Projected: the month in which the hours for an open order line are really there, when each work centre serves the earliest first
-- promise first, works nothing before its month, and keeps each line's hours in their own month even where another step is late.
-- Formula: promised month (the first month ahead where it has passed) + the months by which the slowest step's hours come late; the
-- promised date where that is none, else the last day of the month.
select
    count(*) as open_count,
    count(*) filter (where promises_ahead.projected_month > promises_ahead.promised_month) as later_count,
    count(*) filter (where promises_ahead.is_beyond_horizon) as beyond_horizon_count
from marts.promises_ahead as promises_ahead
