-- One row per customer whose gap or open order value differs from the live snapshot's, the largest movement first; ten of them.
with before as (
    select
        customer_months.customer_id,
        sum(customer_months.gap_value) as gap_value,
        sum(customer_months.open_value) as open_value
    from live.marts.customer_months as customer_months
    group by customer_months.customer_id
),

after as (
    select
        customer_months.customer_id,
        sum(customer_months.gap_value) as gap_value,
        sum(customer_months.open_value) as open_value
    from marts.customer_months as customer_months
    group by customer_months.customer_id
)

select
    coalesce(customers.customer_name, after.customer_id, before.customer_id) as customer_name,
    cast(coalesce(before.gap_value, 0) as double) as gap_before_value,
    cast(coalesce(after.gap_value, 0) as double) as gap_after_value,
    cast(coalesce(before.open_value, 0) as double) as open_before_value,
    cast(coalesce(after.open_value, 0) as double) as open_after_value
from before
full join after
    on before.customer_id = after.customer_id
left join marts.customers as customers
    on coalesce(after.customer_id, before.customer_id) = customers.customer_id
where
    coalesce(before.gap_value, 0) <> coalesce(after.gap_value, 0)
    or coalesce(before.open_value, 0) <> coalesce(after.open_value, 0)
order by
    abs(gap_after_value - gap_before_value) + abs(open_after_value - open_before_value) desc,
    coalesce(after.customer_id, before.customer_id)
limit 10
