-- One row per promise made onto a month that was full already, the largest first, from $first_month to $last_month. At most a thousand.
select
    customers.customer_name,
    hot_promises.order_id,
    hot_promises.line_number,
    customers.account_manager,
    hot_promises.order_date,
    hot_promises.first_promised_date,
    work_centres.work_centre_name as full_work_centre_name,
    hot_promises.full_month,
    hot_promises.full_from_date,
    hot_promises.ordered_value,
    hot_promises.is_due,
    hot_promises.is_kept,
    hot_promises.customer_id
from marts.hot_promises as hot_promises
inner join marts.customers as customers
    on hot_promises.customer_id = customers.customer_id
inner join marts.work_centres as work_centres
    on hot_promises.work_centre_id = work_centres.work_centre_id
where
    hot_promises.customer_id = coalesce($customer, hot_promises.customer_id)
    and hot_promises.promise_month >= coalesce(cast($first_month as date), hot_promises.promise_month)
    and hot_promises.promise_month <= coalesce(cast($last_month as date), hot_promises.promise_month)
order by hot_promises.ordered_value desc, hot_promises.order_id, hot_promises.line_number
limit 1000
