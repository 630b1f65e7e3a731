-- One row per customer of either snapshot, by the name that the later one has.
select
    coalesce(customers_after.customer_id, customers_before.customer_id) as customer_id,
    coalesce(customers_after.customer_name, customers_before.customer_name) as customer_name,
    coalesce(customers_after.account_manager, customers_before.account_manager) as account_manager
from before.marts.customers as customers_before
full join after.marts.customers as customers_after
    on customers_before.customer_id = customers_after.customer_id
