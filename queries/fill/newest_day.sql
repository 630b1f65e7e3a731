-- The newest order or delivery of the extracts; where no line has an order date, the newest promise.
select
    coalesce(
        greatest(
            (select max(order_lines.order_date) from extracts.order_lines as order_lines),
            (select max(coalesce(deliveries.delivered_date, deliveries.shipped_date)) from extracts.deliveries as deliveries)
        ),
        (select max(order_lines.promised_date) from extracts.order_lines as order_lines)
    ) as day
