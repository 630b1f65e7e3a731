-- The order is dated after the day that the extracts speak for.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'order_date' as column_name,
    cast(order_lines.order_date as varchar) as value
from extracts.order_lines as order_lines
cross join snapshot
where order_lines.order_date > snapshot.as_of_date
