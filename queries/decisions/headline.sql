-- One row: how many decisions there are, and what became of the promises, expectations and actions of those in force. An option costs once:
-- of several decisions on a snapshot, whose options each deal out the hours of every month, the newest one's cost counts.
with costs_by_snapshot as (
    select arg_max(followed_decisions.cost_value, followed_decisions.decision_id) as cost_value
    from followed_decisions
    where followed_decisions.state <> 'corrected'
    group by followed_decisions.snapshot_id
),

cost_in_all as (
    select coalesce(sum(costs_by_snapshot.cost_value), 0) as cost_value
    from costs_by_snapshot
)

select
    count(*) as decision_count,
    count(*) filter (where followed_decisions.state <> 'corrected') as in_force_count,
    count(*) filter (where followed_decisions.state = 'look again') as look_again_count,
    cast(coalesce(sum(followed_decisions.kept_so_far_count), 0) as bigint) as kept_so_far_count,
    cast(coalesce(sum(followed_decisions.not_kept_count), 0) as bigint) as not_kept_count,
    cast(coalesce(sum(followed_decisions.ahead_count), 0) as bigint) as ahead_count,
    cast(coalesce(sum(followed_decisions.moved_again_count), 0) as bigint) as moved_again_count,
    cast(coalesce(sum(followed_decisions.expectations_kept_count), 0) as bigint) as expectations_kept_count,
    cast(coalesce(sum(followed_decisions.expectations_partly_kept_count), 0) as bigint) as expectations_partly_kept_count,
    cast(coalesce(sum(followed_decisions.expectations_not_kept_count), 0) as bigint) as expectations_not_kept_count,
    cast(coalesce(sum(followed_decisions.actions_done_count), 0) as bigint) as actions_done_count,
    cast(coalesce(sum(followed_decisions.actions_open_count), 0) as bigint) as actions_open_count,
    cast(coalesce(sum(followed_decisions.actions_overdue_count), 0) as bigint) as actions_overdue_count,
    (select cost_in_all.cost_value from cost_in_all) as cost_value,
    sum(followed_decisions.spent_value) filter (where followed_decisions.state <> 'corrected') as spent_value
from followed_decisions
