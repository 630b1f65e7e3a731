-- The tier is none of A, B and C.
select
    'customers' as extract_name,
    customers.rowid as row_id,
    'tier' as column_name,
    customers.tier as value
from extracts.customers as customers
where customers.tier not in ('A', 'B', 'C')
