-- The delivery belongs to no order line that is known.
select
    'deliveries' as extract_name,
    deliveries.rowid as row_id,
    'order_id' as column_name,
    concat_ws(' ', deliveries.order_id, deliveries.line_number) as value
from extracts.deliveries as deliveries
anti join extracts.order_lines as order_lines
    on
        deliveries.order_id = order_lines.order_id
        and deliveries.line_number = order_lines.line_number
