-- One row per customer with order lines, the largest gap first, for the months from $first_month to $last_month.
-- The gap is what customers had been promised by the day and did not have; the rate is empty where nothing was due.
select
    customers.customer_id,
    customers.customer_name,
    cast(coalesce(sum(customer_months.due_count), 0) as bigint) as due_count,
    cast(coalesce(sum(customer_months.kept_count), 0) as bigint) as kept_count,
    cast(sum(customer_months.kept_count) as double) / nullif(sum(customer_months.due_count), 0) as promise_rate,
    cast(coalesce(sum(customer_months.gap_value), 0) as decimal(38, 2)) as gap_value
from marts.customers as customers
inner join marts.customer_months as customer_months
    on customers.customer_id = customer_months.customer_id
where
    customer_months.month >= coalesce(cast($first_month as date), customer_months.month)
    and customer_months.month <= coalesce(cast($last_month as date), customer_months.month)
group by customers.customer_id, customers.customer_name
order by gap_value desc, customers.customer_id
