-- Let down: customers with at least one broken promise, however small.
-- Formula: customers with a due line that was not kept.
select count(distinct promises.customer_id) filter (where promises.is_due and not promises.is_kept) as let_down_count
from marts.promises as promises
