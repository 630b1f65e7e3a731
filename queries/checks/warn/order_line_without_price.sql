-- The order line has no unit price, so its gap counts units but no money.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'unit_price' as column_name,
    cast(null as varchar) as value
from extracts.order_lines as order_lines
where order_lines.unit_price is null
