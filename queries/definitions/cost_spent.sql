-- Cost spent: what somebody says was spent so far on the hours that a decision takes beyond those there are, of its cost as decided.
-- Extracts do not say it. Decisions of which nobody has said anything are left out of what was spent, not out of what was decided.
-- Formula: newest entry of each decision in force; cost as decided = sum of lever hours taken × cost of an hour.
select
    coalesce(sum(followed_decisions.cost_value), 0) as cost_value,
    sum(followed_decisions.spent_value) as spent_value
from followed_decisions
where followed_decisions.state <> 'corrected'
