-- The delivery is dated before the order.
select
    'deliveries' as extract_name,
    deliveries.rowid as row_id,
    'delivered_date' as column_name,
    cast(coalesce(deliveries.delivered_date, deliveries.shipped_date) as varchar) as value
from extracts.deliveries as deliveries
inner join extracts.order_lines as order_lines
    on
        deliveries.order_id = order_lines.order_id
        and deliveries.line_number = order_lines.line_number
        and coalesce(deliveries.delivered_date, deliveries.shipped_date) < order_lines.order_date
