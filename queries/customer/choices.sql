-- One row per customer with an order line, by name: whom the page can show.
select
    customers.customer_id,
    customers.customer_name
from marts.customers as customers
inner join marts.customer_totals as customer_totals
    on customers.customer_id = customer_totals.customer_id
order by customers.customer_name, customers.customer_id
