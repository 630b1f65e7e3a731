-- Quantity times price is more than a trillion, which no order line is.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'unit_price' as column_name,
    cast(order_lines.unit_price as varchar) as value
from extracts.order_lines as order_lines
where cast(order_lines.quantity as double) * cast(order_lines.unit_price as double) > 1e12
