-- Cost spent: what somebody says was spent so far on the hours that decisions take beyond those there are, of their cost as decided.
-- Extracts do not say it. An option deals out the hours of every month, so of several decisions on a snapshot the newest one's cost counts.
-- Formula: sum of the newest entry of each decision in force; cost as decided = sum of lever hours taken × cost of an hour.
with costs_by_snapshot as (
    select
        arg_max(followed_decisions.cost_value, followed_decisions.decision_id) as cost_value,
        sum(followed_decisions.spent_value) as spent_value
    from followed_decisions
    where followed_decisions.state <> 'corrected'
    group by followed_decisions.snapshot_id
)

select
    coalesce(sum(costs_by_snapshot.cost_value), 0) as cost_value,
    sum(costs_by_snapshot.spent_value) as spent_value
from costs_by_snapshot
