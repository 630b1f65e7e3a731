-- One row per open order line whose decided date is not in the order system yet: the date to enter. Of several decisions about a line
-- the newest counts; a line that was moved to a third date since is left out, because somebody has dealt with it otherwise.
select
    newest_lines.order_id,
    newest_lines.line_number,
    newest_lines.decided_promise_date as new_promised_date
from followed_newest_lines as newest_lines
where
    newest_lines.open_quantity > 0
    and newest_lines.promised_now_date = newest_lines.promised_before_date
    and newest_lines.decided_promise_date <> newest_lines.promised_now_date
order by newest_lines.order_id, newest_lines.line_number
