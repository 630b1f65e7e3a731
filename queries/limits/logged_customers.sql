-- One row per customer of a decision who is one's own: what it costs them, and what they are told.
select logged_customers.*
from logged_customers
where logged_customers.customer_id in (select own_customers.customer_id from limits.own_customers as own_customers)
