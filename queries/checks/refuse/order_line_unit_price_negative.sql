-- The unit price is negative.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'unit_price' as column_name,
    cast(order_lines.unit_price as varchar) as value
from extracts.order_lines as order_lines
where order_lines.unit_price < 0
