-- One row per customer with a broken promise in $month, the largest gap first: whom did we let down?
select
    customers.customer_id,
    customers.customer_name,
    customer_months.broken_count,
    customer_months.due_count,
    cast(customer_months.kept_count as double) / nullif(customer_months.due_count, 0) as promise_rate,
    customers.target_rate,
    customer_months.gap_value,
    cast(customer_months.gap_value as double) / nullif(cast(company_months.gap_value as double), 0) as share_rate,
    customer_totals.waiting_value,
    customers.tier,
    customers.account_manager
from marts.customer_months as customer_months
inner join marts.customers as customers
    on customer_months.customer_id = customers.customer_id
inner join marts.company_months as company_months
    on customer_months.month = company_months.month
left join marts.customer_totals as customer_totals
    on customer_months.customer_id = customer_totals.customer_id
where
    customer_months.month = cast($month as date)
    and customer_months.broken_count > 0
order by customer_months.gap_value desc, customers.customer_id
