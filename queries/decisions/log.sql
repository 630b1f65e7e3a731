-- One row per decision, the newest first: what was decided about which hours, and what became of it so far. At most a thousand.
select
    followed_decisions.decision_id,
    followed_decisions.decided_date,
    followed_decisions.decided_by,
    followed_decisions.work_centre_name,
    followed_decisions.load_month,
    followed_decisions.title,
    followed_decisions.state,
    followed_decisions.customer_count,
    followed_decisions.let_down_count,
    followed_decisions.imposed_days,
    followed_decisions.kept_so_far_count,
    followed_decisions.not_kept_count,
    followed_decisions.ahead_count,
    followed_decisions.moved_again_count,
    followed_decisions.expectations_kept_count,
    followed_decisions.expectations_partly_kept_count,
    followed_decisions.expectations_not_kept_count,
    followed_decisions.actions_open_count,
    followed_decisions.actions_overdue_count,
    followed_decisions.cost_value,
    followed_decisions.spent_value,
    followed_decisions.review_date
from followed_decisions
where
    followed_decisions.work_centre_name = coalesce($by_work_centre, followed_decisions.work_centre_name)
    and followed_decisions.decided_by = coalesce($decided_by, followed_decisions.decided_by)
    and followed_decisions.state = coalesce($state, followed_decisions.state)
order by followed_decisions.decision_id desc
limit 1000
