-- One row: how many promises of the months from $first_month to $last_month were made onto a month that was full already, of how many.
with promised as (
    select sum(customer_months.line_count - customer_months.cancelled_count) as line_count
    from marts.customer_months as customer_months
    where
        customer_months.customer_id = coalesce($customer, customer_months.customer_id)
        and customer_months.month >= coalesce(cast($first_month as date), customer_months.month)
        and customer_months.month <= coalesce(cast($last_month as date), customer_months.month)
),

hot as (
    select
        count(*) as hot_count,
        count(*) filter (where hot_promises.is_due and not hot_promises.is_kept) as hot_broken_count,
        sum(hot_promises.ordered_value) as hot_value
    from marts.hot_promises as hot_promises
    where
        hot_promises.customer_id = coalesce($customer, hot_promises.customer_id)
        and hot_promises.promise_month >= coalesce(cast($first_month as date), hot_promises.promise_month)
        and hot_promises.promise_month <= coalesce(cast($last_month as date), hot_promises.promise_month)
)

select
    hot.hot_count,
    hot.hot_broken_count,
    cast(coalesce(hot.hot_value, 0) as decimal(38, 2)) as hot_value,
    cast(coalesce(promised.line_count, 0) as bigint) as line_count,
    cast(hot.hot_count as double) / nullif(promised.line_count, 0) as hot_rate
from hot
cross join promised
