-- One row per open order line with a date that a decision in force gave it: what the plan in force says of it. Of several decisions about
-- a line the newest counts. A date that has passed, and that of a line which was moved to a third date since, does not stand any more.
with lines_by_age as (
    select
        followed_lines.*,
        row_number() over (
            partition by followed_lines.order_id, followed_lines.line_number
            order by followed_lines.decision_id desc
        ) as place
    from followed_lines
)

select
    lines_by_age.order_id,
    lines_by_age.line_number,
    lines_by_age.decision_id,
    lines_by_age.decided_promise_date,
    lines_by_age.imposed_days,
    lines_by_age.late_quantity
from lines_by_age
where
    lines_by_age.place = 1
    and lines_by_age.open_quantity > 0
    and not lines_by_age.is_cancelled
    and not lines_by_age.is_moved_again
    and coalesce(lines_by_age.decided_promise_date > lines_by_age.as_of_date, true)
