-- One row: the two snapshots that are compared, and the days that they speak for.
select
    snapshots.before_snapshot_id,
    snapshots.before_date,
    snapshots.after_snapshot_id,
    snapshots.after_date
from compared.snapshots as snapshots
