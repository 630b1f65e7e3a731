-- Due: order lines whose first promise has come.
-- Formula: not cancelled, and first promised date + days late allowed ≤ as of.
select count(*) filter (where promises.is_due) as due_count
from marts.promises as promises
