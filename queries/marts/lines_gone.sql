-- One row per order line that an earlier snapshot had and this one has not: the last promise seen, in case it comes back.
-- Extracts leave lines out and bring them back; the first promise must not be forgotten in between.
with lines_ever_seen as (
    select
        order_lines.order_id,
        order_lines.line_number,
        order_lines.promised_date
    from previous.order_lines as order_lines
    union all
    select
        lines_gone.order_id,
        lines_gone.line_number,
        lines_gone.promised_date
    from previous.lines_gone as lines_gone
)

select
    lines_ever_seen.order_id,
    lines_ever_seen.line_number,
    lines_ever_seen.promised_date
from lines_ever_seen
anti join extracts.order_lines as order_lines
    on
        lines_ever_seen.order_id = order_lines.order_id
        and lines_ever_seen.line_number = order_lines.line_number
