-- One row per open order line of $customer, the longest overdue first: what they are still to get, since when they wait, when the hours
-- for it are really there and what stops it. At most a thousand.
select
    promises.order_id,
    promises.line_number,
    coalesce(products.product_name, promises.product_id) as product_name,
    promises.requested_date,
    promises.first_promised_date,
    promises.promised_date,
    case when promises.is_overdue then 'overdue' else 'open' end as state,
    promises.late_days,
    promises_ahead.projected_date,
    promises_ahead.is_at_risk,
    work_centres.work_centre_name as blocking_work_centre_name,
    promises_ahead.blocking_month,
    promises.move_count,
    promises.open_quantity,
    promises.open_value,
    case when promises_ahead.is_at_risk then promises_ahead.at_risk_value end as at_risk_value
from marts.promises as promises
left join marts.promises_ahead as promises_ahead
    on
        promises.order_id = promises_ahead.order_id
        and promises.line_number = promises_ahead.line_number
        and promises_ahead.customer_id = $customer
left join marts.work_centres as work_centres
    on promises_ahead.blocking_work_centre_id = work_centres.work_centre_id
left join extracts.products as products
    on promises.product_id = products.product_id
where
    promises.customer_id = $customer
    and promises.open_quantity > 0
order by promises.late_days desc, promises.promised_date, promises.order_id, promises.line_number
limit 1000
