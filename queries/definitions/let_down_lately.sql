-- Let down lately: how often promises to a customer were broken in the six months up to the day of the extracts; the days that these
-- came late are shown beside. Both stand beside the customers of every option, so that the quiet one is not let down each month.
-- Formula: first promises due in the six months - those kept.
select cast(coalesce(sum(customer_months.due_count - customer_months.kept_count), 0) as bigint) as let_down_count
from marts.customer_months as customer_months
cross join snapshot
where
    customer_months.month <= snapshot.as_of_date
    and customer_months.month > cast(date_trunc('month', snapshot.as_of_date) - interval 6 month as date)
