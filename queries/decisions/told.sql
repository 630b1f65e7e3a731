-- One row per customer of $decision: what the decision does to them and what they are told; the most days imposed first.
select
    logged_customers.customer_id,
    logged_customers.customer_name,
    logged_customers.kept_count,
    logged_customers.broken_count,
    logged_customers.imposed_days,
    logged_customers.late_value,
    logged_customers.told
from logged_customers
where logged_customers.decision_id = $decision
order by logged_customers.imposed_days desc, logged_customers.late_value desc, logged_customers.customer_name
