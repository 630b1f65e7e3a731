-- The file gives the customer another name further down; the first one stands.
select
    'customers' as extract_name,
    customers.rowid as row_id,
    'customer_name' as column_name,
    other_names.customer_name as value
from extracts.customers as customers
inner join other_names
    on customers.customer_id = other_names.customer_id
