-- One row per open order line whose decided date is not in the order system yet: the date to enter. Of several decisions about a line
-- the newest counts; a line that was moved to a third date since is left out, because somebody has dealt with it otherwise.
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
    lines_by_age.decided_promise_date as new_promised_date
from lines_by_age
where
    lines_by_age.place = 1
    and lines_by_age.open_quantity > 0
    and lines_by_age.promised_now_date = lines_by_age.promised_before_date
    and lines_by_age.decided_promise_date <> lines_by_age.promised_now_date
order by lines_by_age.order_id, lines_by_age.line_number
