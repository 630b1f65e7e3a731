-- The order line is closed although not everything was delivered; it counts as waited for until it is cancelled.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'status' as column_name,
    order_lines.status as value
from extracts.order_lines as order_lines
left join (
    select
        deliveries.order_id,
        deliveries.line_number,
        sum(deliveries.quantity) as quantity
    from extracts.deliveries as deliveries
    group by deliveries.order_id, deliveries.line_number
) as delivered
    on
        order_lines.order_id = delivered.order_id
        and order_lines.line_number = delivered.line_number
cross join snapshot
where
    order_lines.status = 'closed'
    and coalesce(delivered.quantity, 0)
    < cast(order_lines.quantity as double) * (1 - snapshot.quantity_tolerance)
