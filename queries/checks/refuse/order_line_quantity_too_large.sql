-- The ordered quantity is more than a trillion, which no order is.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'quantity' as column_name,
    cast(order_lines.quantity as varchar) as value
from extracts.order_lines as order_lines
where order_lines.quantity > 1e12
