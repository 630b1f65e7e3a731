-- One row per order line that is not as it was: there or not, cancelled or not, its promise, quantity and value.
-- A value stands where the line is there and not cancelled, so that the changes add up to the change of all orders.
select
    coalesce(promises_after.order_id, promises_before.order_id) as order_id,
    coalesce(promises_after.line_number, promises_before.line_number) as line_number,
    coalesce(promises_after.customer_id, promises_before.customer_id) as customer_id,
    coalesce(promises_after.product_id, promises_before.product_id) as product_id,
    promises_before.order_id is not null as is_in_before,
    promises_after.order_id is not null as is_in_after,
    coalesce(promises_before.is_cancelled, false) as is_cancelled_before,
    coalesce(promises_after.is_cancelled, false) as is_cancelled_after,
    promises_before.promised_date as before_date,
    promises_after.promised_date as after_date,
    promises_before.ordered_quantity as before_quantity,
    promises_after.ordered_quantity as after_quantity,
    coalesce(promises_after.ordered_value, promises_before.ordered_value) as concerned_value,
    case when promises_before.is_cancelled = false then promises_before.ordered_value else 0 end as before_value,
    case when promises_after.is_cancelled = false then promises_after.ordered_value else 0 end as after_value
from before.marts.promises as promises_before
full join after.marts.promises as promises_after
    on
        promises_before.order_id = promises_after.order_id
        and promises_before.line_number = promises_after.line_number
where
    promises_before.order_id is null
    or promises_after.order_id is null
    or promises_before.is_cancelled <> promises_after.is_cancelled
    or promises_before.promised_date <> promises_after.promised_date
    or promises_before.ordered_quantity <> promises_after.ordered_quantity
    or promises_before.ordered_value <> promises_after.ordered_value
