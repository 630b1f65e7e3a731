-- The customer is not in the customers extract; its number stands for its name.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'customer_id' as column_name,
    order_lines.customer_id as value
from extracts.order_lines as order_lines
where
    order_lines.customer_id is not null
    and exists (select 1 from extracts.customers)
    and order_lines.customer_id not in (select customers.customer_id from extracts.customers as customers)
