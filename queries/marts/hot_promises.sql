-- One row per order line promised onto a month that was full already: orders taken before had used up a work centre on its routing.
-- Cancelled lines are left out.
select
    promises.order_id,
    promises.line_number,
    promises.customer_id,
    promises.product_id,
    promises.order_date,
    promises.first_promised_date,
    promises.promise_month,
    promises.ordered_value,
    full_for_products.work_centre_id,
    full_for_products.month as full_month,
    full_for_products.full_from_date,
    promises.is_due,
    promises.is_kept
from marts.full_for_products as full_for_products
inner join marts.promises as promises
    on
        full_for_products.product_id = promises.product_id
        and full_for_products.promise_month = promises.promise_month
        and full_for_products.full_from_date < promises.order_date
where not promises.is_cancelled
order by promises.promise_month, promises.customer_id, promises.order_id, promises.line_number
