-- The promise was moved by neither us nor customer; it counts as moved by us.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'promise_moved_by' as column_name,
    order_lines.promise_moved_by as value
from extracts.order_lines as order_lines
where order_lines.promise_moved_by not in ('us', 'customer')
