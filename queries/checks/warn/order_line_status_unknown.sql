-- The status is none of open, closed and cancelled; the line counts as open.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'status' as column_name,
    order_lines.status as value
from extracts.order_lines as order_lines
where order_lines.status not in ('open', 'closed', 'cancelled')
