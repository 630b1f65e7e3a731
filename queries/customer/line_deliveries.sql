-- One row per delivery of order line $line_number of $order_id, the first one first.
select
    deliveries.delivery_id,
    coalesce(deliveries.delivered_date, deliveries.shipped_date) as delivered_date,
    deliveries.delivered_date is null as is_shipment,
    deliveries.quantity as delivered_quantity,
    deliveries.reason
from extracts.deliveries as deliveries
where
    deliveries.order_id = $order_id
    and deliveries.line_number = $line_number
order by coalesce(deliveries.delivered_date, deliveries.shipped_date), deliveries.delivery_id
