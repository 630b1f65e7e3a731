-- One row per customer with promises due in the six months up to the month that the extracts speak for: how often they were let down.
-- Times let down are broken promises, the rate is their share of those due; days are those that they came late.
select
    customer_months.customer_id,
    cast(sum(customer_months.due_count - customer_months.kept_count) as bigint) as let_down_count,
    cast(sum(customer_months.due_count - customer_months.kept_count) as double)
    / nullif(cast(sum(customer_months.due_count) as double), 0) as let_down_rate,
    cast(sum(customer_months.late_days) as bigint) as late_days
from marts.customer_months as customer_months
cross join snapshot
where
    customer_months.month <= snapshot.as_of_date
    and customer_months.month > cast(date_trunc('month', snapshot.as_of_date) - interval 6 month as date)
group by customer_months.customer_id
order by customer_months.customer_id
