-- Sets the day that the extracts speak for, where none was given: the newest order or delivery in them.
update snapshot
set as_of_date = coalesce(snapshot.as_of_date, newest.order_or_delivery_date, newest.promised_date)
from (
    select
        greatest(
            (select max(order_lines.order_date) from extracts.order_lines as order_lines),
            (select max(coalesce(deliveries.delivered_date, deliveries.shipped_date)) from extracts.deliveries as deliveries)
        ) as order_or_delivery_date,
        (select max(order_lines.promised_date) from extracts.order_lines as order_lines) as promised_date
) as newest
