-- One row per decision in force that was taken on this snapshot, the newest last: where, what, by whom, and whom it lets down.
with actions_by_decision as (
    select
        logged_actions.decision_id,
        string_agg(logged_actions.who || ': ' || logged_actions.what, '; ' order by logged_actions.id) as actions
    from logged_actions
    group by logged_actions.decision_id
)

select
    followed_decisions.decision_id,
    followed_decisions.work_centre_name,
    followed_decisions.load_month,
    followed_decisions.title,
    followed_decisions.decided_by,
    followed_decisions.reason,
    followed_decisions.kept_count,
    followed_decisions.broken_count,
    followed_decisions.customer_count,
    followed_decisions.let_down_count,
    followed_decisions.imposed_days,
    followed_decisions.late_value,
    followed_decisions.review_date,
    actions_by_decision.actions
from followed_decisions
inner join snapshot
    on followed_decisions.snapshot_id = snapshot.snapshot_id
left join actions_by_decision
    on followed_decisions.decision_id = actions_by_decision.decision_id
where followed_decisions.state <> 'corrected'
order by followed_decisions.decision_id
