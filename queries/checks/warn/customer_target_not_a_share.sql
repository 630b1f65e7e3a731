-- The promise target is not between 0 and 1; the company's target is used.
select
    'customers' as extract_name,
    customers.rowid as row_id,
    'promise_target' as column_name,
    cast(customers.promise_target as varchar) as value
from extracts.customers as customers
where customers.promise_target not between 0 and 1
