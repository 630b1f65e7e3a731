-- Action overdue: something that somebody was to do for a decision in force by a day that has passed, and that nobody has called done.
-- Formula: date of the action < day of the extracts, and the newest entry about it does not say done.
select
    count(*) filter (where followed_actions.state <> 'done') as actions_open_count,
    count(*) filter (where followed_actions.state = 'overdue') as actions_overdue_count
from followed_actions
