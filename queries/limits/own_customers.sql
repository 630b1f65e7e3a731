-- One row per customer that an account manager looks after, as the extract says.
select customers.customer_id
from marts.customers as customers
where customers.account_manager = $account_manager
order by customers.customer_id
