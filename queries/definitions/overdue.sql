-- Overdue, waiting now: order lines that are due and not complete: the customer is waiting now.
-- Formula: due, and no completed date on as of.
select
    count(*) filter (where promises.is_overdue) as overdue_count,
    sum(case when promises.is_overdue then promises.open_value else 0 end) as waiting_value
from marts.promises as promises
