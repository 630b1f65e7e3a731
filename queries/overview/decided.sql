-- One row per decision in force that was taken on figures of $month or of the month before: what became of it so far.
select
    followed_decisions.decision_id,
    followed_decisions.decided_date,
    followed_decisions.work_centre_name,
    followed_decisions.load_month,
    followed_decisions.title,
    followed_decisions.state,
    followed_decisions.kept_so_far_count,
    followed_decisions.not_kept_count,
    followed_decisions.ahead_count,
    followed_decisions.moved_again_count,
    followed_decisions.expectations_kept_count,
    followed_decisions.expectations_partly_kept_count,
    followed_decisions.expectations_not_kept_count,
    followed_decisions.expectations_ahead_count,
    followed_decisions.actions_done_count,
    followed_decisions.actions_open_count,
    followed_decisions.actions_overdue_count
from followed_decisions
where
    followed_decisions.state <> 'corrected'
    and followed_decisions.decided_as_of_date >= cast($month as date) - interval 1 month
    and followed_decisions.decided_as_of_date < cast($month as date) + interval 1 month
order by followed_decisions.decision_id desc
