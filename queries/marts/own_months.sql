-- One row per customer and month of the date that the customer measures us on: what they see as due and as kept.
-- Lines or whole orders, with the customer's own days and tolerance where it has a measurement contract.
with orders_measured as (
    select
        promises.customer_id,
        cast(
            date_trunc(
                'month',
                coalesce(
                    max(case when promises.is_due_to_own then promises.own_measured_date end),
                    max(promises.own_measured_date)
                )
            ) as date
        ) as month,
        bool_or(promises.is_due_to_own) as is_due,
        bool_or(promises.is_due_to_own) and bool_and(promises.is_kept_to_own or not promises.is_due_to_own) as is_kept
    from marts.promises as promises
    inner join marts.customers as customers
        on promises.customer_id = customers.customer_id
    where customers.measured_by = 'order' and promises.own_measured_date is not null
    group by promises.customer_id, promises.order_id
),

lines_measured as (
    select
        promises.customer_id,
        cast(date_trunc('month', promises.own_measured_date) as date) as month,
        promises.is_due_to_own as is_due,
        promises.is_kept_to_own as is_kept
    from marts.promises as promises
    inner join marts.customers as customers
        on promises.customer_id = customers.customer_id
    where customers.measured_by = 'line' and promises.own_measured_date is not null
),

measured as (
    select * from orders_measured
    union all
    select * from lines_measured
)

select
    measured.customer_id,
    measured.month,
    count(*) filter (where measured.is_due) as own_due_count,
    count(*) filter (where measured.is_kept) as own_kept_count
from measured
group by measured.customer_id, measured.month
