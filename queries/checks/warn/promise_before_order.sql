-- The promised date lies before the order date.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'promised_date' as column_name,
    cast(order_lines.promised_date as varchar) as value
from extracts.order_lines as order_lines
where order_lines.promised_date < order_lines.order_date
