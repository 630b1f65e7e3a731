-- One row: which snapshot this is, the day it speaks for, and what it holds.
select
    snapshot.snapshot_id,
    snapshot.as_of_date,
    snapshot.created_at,
    snapshot.created_by,
    snapshot.company_name,
    snapshot.currency,
    snapshot.promise_target as target_rate,
    snapshot.days_late_allowed as late_days,
    totals.order_line_count,
    totals.unpriced_line_count,
    totals.delivery_count,
    totals.rejected_count
from snapshot
cross join marts.totals as totals
