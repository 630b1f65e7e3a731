-- One row: order line $line_number of $order_id with its dates, and its wait as the gap identity has it.
select
    promises.order_id,
    promises.line_number,
    promises.product_id,
    promises.status,
    promises.order_date,
    promises.asked_date,
    promises.requested_date,
    promises.original_promised_date,
    promises.first_promised_date,
    promises.promised_date,
    promises.completed_date,
    promises.ended_date,
    promises.ended_by,
    promises.ordered_quantity,
    promises.delivered_quantity,
    promises.offered_days,
    promises.moved_by_us_days,
    promises.moved_by_customer_days,
    promises.missed_days,
    promises.wait_days,
    promises.ordered_value,
    promises.gap_value
from marts.promises as promises
where
    promises.customer_id = $customer
    and promises.order_id = $order_id
    and promises.line_number = $line_number
