-- One row: the settings that the figures of this snapshot were measured with.
select
    snapshot.company_name,
    snapshot.currency,
    snapshot.days_early_allowed,
    snapshot.days_late_allowed,
    snapshot.quantity_tolerance,
    snapshot.promise_target,
    snapshot.promise_target_a,
    snapshot.promise_target_b,
    snapshot.promise_target_c
from snapshot
