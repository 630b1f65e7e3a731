-- Capable to promise: the earliest month that we could honestly promise, behind everything firm: work begins when the order is expected
-- and takes the hours that are left from then on. Each opportunity is looked at alone; a wished date before that month cannot be kept.
-- Formula: latest over the work centres of (first month by which the hours left since the start are enough + offset).
select
    count(*) filter (where opportunities_ahead.is_too_late) as too_late_count,
    sum(case when opportunities_ahead.is_too_late then opportunities_ahead.opportunity_value else 0 end) as too_late_value
from marts.opportunities_ahead as opportunities_ahead
