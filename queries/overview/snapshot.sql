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
    (select count(*) from extracts.order_lines) as order_line_count,
    (select count(*) from extracts.deliveries) as delivery_count,
    (select coalesce(sum(source_files.rejected_count), 0) from source_files) as rejected_count,
    (select count(distinct warnings.rule_name) from warnings) as doubtful_count
from snapshot
