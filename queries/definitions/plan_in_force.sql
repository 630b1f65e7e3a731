-- Plan in force: the projection, which serves the earliest first promise first, with the dates that decisions in force gave to lines.
-- A date that has passed, and that of a line moved to a third date since, does not count any more. The figure here counts these lines.
-- Formula: date decided where one stands, else projected date.
select count(*) as line_count
from (
    select
        followed_lines.order_id,
        followed_lines.line_number
    from followed_lines
    where
        followed_lines.open_quantity > 0
        and not followed_lines.is_moved_again
        and coalesce(followed_lines.decided_promise_date > followed_lines.as_of_date, true)
    group by followed_lines.order_id, followed_lines.line_number
) as lines_decided
