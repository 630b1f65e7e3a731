-- One row per expectation of a decision about one of one's own customers.
select logged_expectations.*
from logged_expectations
where logged_expectations.customer_id in (select own_customers.customer_id from limits.own_customers as own_customers)
