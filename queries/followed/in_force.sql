-- One row per open order line with a date that a decision in force gave it: what the plan in force says of it. Of several decisions about
-- a line the newest counts. A date that has passed, and that of a line which was moved to a third date since, does not stand any more.
select
    newest_lines.order_id,
    newest_lines.line_number,
    newest_lines.decision_id,
    newest_lines.decided_promise_date,
    newest_lines.imposed_days,
    newest_lines.late_quantity
from followed_newest_lines as newest_lines
where
    newest_lines.open_quantity > 0
    and not newest_lines.is_cancelled
    and not newest_lines.is_moved_again
    and coalesce(newest_lines.decided_promise_date > newest_lines.as_of_date, true)
