-- One row per month of $customer from $first_month to $last_month, silent months included: due, kept, the three rates, gap.
select
    customer_months.month,
    customer_months.due_count,
    customer_months.kept_count,
    cast(customer_months.kept_count as double) / nullif(customer_months.due_count, 0) as promise_rate,
    cast(customer_months.request_kept_count as double) / nullif(customer_months.request_due_count, 0) as request_rate,
    cast(customer_months.current_kept_count as double) / nullif(customer_months.current_due_count, 0) as current_rate,
    cast(customer_months.kept_value as double) / nullif(cast(customer_months.due_value as double), 0) as value_promise_rate,
    cast(customer_months.request_kept_value as double)
    / nullif(cast(customer_months.request_due_value as double), 0) as value_request_rate,
    cast(customer_months.current_kept_value as double)
    / nullif(cast(customer_months.current_due_value as double), 0) as value_current_rate,
    customers.target_rate,
    customer_months.gap_value,
    customer_months.overdue_count,
    customer_months.waiting_value,
    customer_months.repromised_count,
    customer_months.cancelled_count
from marts.customer_months as customer_months
inner join marts.customers as customers
    on customer_months.customer_id = customers.customer_id
where
    customer_months.customer_id = $customer
    and customer_months.month >= coalesce(cast($first_month as date), customer_months.month)
    and customer_months.month <= coalesce(cast($last_month as date), customer_months.month)
order by customer_months.month
