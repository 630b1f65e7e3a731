-- The promise is more than five years from the day that the extracts speak for; it may be a slip in the year.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'promised_date' as column_name,
    cast(order_lines.promised_date as varchar) as value
from extracts.order_lines as order_lines
cross join snapshot
where date_diff('day', snapshot.as_of_date, order_lines.promised_date) > 1826
