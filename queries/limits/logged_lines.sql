-- One row per order line of a decision, of one's own customers.
select logged_lines.*
from logged_lines
where logged_lines.customer_id in (select own_customers.customer_id from limits.own_customers as own_customers)
