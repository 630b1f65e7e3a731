-- One row per open order line of $customer, the longest overdue first: what they are still to get, and since when they wait.
-- At most a thousand.
select
    promises.order_id,
    promises.line_number,
    coalesce(products.product_name, promises.product_id) as product_name,
    promises.requested_date,
    promises.first_promised_date,
    promises.promised_date,
    case when promises.is_overdue then 'overdue' else 'open' end as state,
    promises.late_days,
    promises.move_count,
    promises.open_quantity,
    promises.open_value
from marts.promises as promises
left join extracts.products as products
    on promises.product_id = products.product_id
where
    promises.customer_id = $customer
    and promises.open_quantity > 0
order by promises.late_days desc, promises.promised_date, promises.order_id, promises.line_number
limit 1000
