-- One row per customer with an order line, by name: whom the page can show.
select
    customers.customer_id,
    customers.customer_name
from marts.customers as customers
where customers.customer_id in (select customer_months.customer_id from marts.customer_months as customer_months)
order by customers.customer_name, customers.customer_id
