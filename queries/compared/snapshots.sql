-- One row: the two snapshots that are compared, and the days that they speak for.
select
    snapshot_before.snapshot_id as before_snapshot_id,
    snapshot_before.as_of_date as before_date,
    snapshot_after.snapshot_id as after_snapshot_id,
    snapshot_after.as_of_date as after_date
from before.snapshot as snapshot_before
cross join after.snapshot as snapshot_after
