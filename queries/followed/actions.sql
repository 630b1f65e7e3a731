-- One row per action of a decision in force: what, who, by when, and whether it is done, as the newest entry about it says.
-- Overdue is measured to the day of the extracts, not to the clock.
with entries_numbered as (
    select
        logged_action_entries.action_id,
        logged_action_entries.entered_at,
        logged_action_entries.entered_by,
        logged_action_entries.is_done,
        row_number() over (
            partition by logged_action_entries.action_id
            order by logged_action_entries.id desc
        ) as place
    from logged_action_entries
)

select
    logged_actions.id as action_id,
    logged_actions.decision_id,
    logged_actions.what,
    logged_actions.who,
    logged_actions.due_date,
    case
        when coalesce(entries_numbered.is_done, false) then 'done'
        when logged_actions.due_date < snapshot.as_of_date then 'overdue'
        else 'open'
    end as state,
    case when entries_numbered.is_done then cast(entries_numbered.entered_at as date) end as done_date,
    case when entries_numbered.is_done then entries_numbered.entered_by end as done_by
from logged_actions
cross join snapshot
left join entries_numbered
    on
        logged_actions.id = entries_numbered.action_id
        and entries_numbered.place = 1
left join logged_decisions as corrections
    on logged_actions.decision_id = corrections.replaces
where corrections.id is null
