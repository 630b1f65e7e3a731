-- One row per customer with an order line: what is open and what is waited for now, over all months.
select
    customer_months.customer_id,
    cast(sum(customer_months.overdue_count) as bigint) as overdue_count,
    cast(sum(customer_months.waiting_value) as decimal(38, 2)) as waiting_value,
    cast(sum(customer_months.open_value) as decimal(38, 2)) as open_value
from marts.customer_months as customer_months
group by customer_months.customer_id
order by customer_months.customer_id
