-- One row per open order line: what is promised, what it is worth, and what is earned on a unit; the earliest first promise first.
-- Numbered from 0 in that order. The margin is empty where the unit cost of the product, or the price of the line, is unknown.
select
    cast(
        row_number() over (
            order by promises_ahead.first_promised_date, promises_ahead.order_id, promises_ahead.line_number
        ) - 1 as bigint
    ) as claim_number,
    promises_ahead.order_id,
    promises_ahead.line_number,
    promises_ahead.customer_id,
    promises_ahead.product_id,
    promises_ahead.first_promised_date,
    promises_ahead.promised_date,
    greatest(promises_ahead.promised_month, horizon.first_month) as due_month,
    promises_ahead.is_overdue,
    cast(promises_ahead.open_quantity as double) as open_quantity,
    cast(coalesce(promises_ahead.unit_price, 0) as double) as unit_price,
    cast(promises_ahead.unit_price - products.unit_cost as double) as unit_margin
from marts.promises_ahead as promises_ahead
cross join marts.horizon as horizon
left join extracts.products as products
    on promises_ahead.product_id = products.product_id
order by promises_ahead.first_promised_date, promises_ahead.order_id, promises_ahead.line_number
