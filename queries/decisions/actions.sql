-- One row per action of the decisions in force, or of $decision: what, who, by when, and whether it is done; the earliest date first.
select
    followed_actions.action_id,
    followed_actions.decision_id,
    followed_actions.what,
    followed_actions.who,
    followed_actions.due_date,
    followed_actions.state,
    followed_actions.done_date,
    followed_actions.done_by
from followed_actions
where
    followed_actions.decision_id = coalesce($decision, followed_actions.decision_id)
    and (coalesce($is_open, false) = false or followed_actions.state <> 'done')
order by followed_actions.due_date, followed_actions.action_id
