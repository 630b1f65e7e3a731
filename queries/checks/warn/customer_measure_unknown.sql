-- The customer's own measurement is not one that can be computed; the company's is used.
select
    'customers' as extract_name,
    customers.rowid as row_id,
    'measured_on' as column_name,
    concat_ws(', ', customers.measured_on, customers.measured_by) as value
from extracts.customers as customers
where
    customers.measured_on not in ('request', 'first promise', 'current promise')
    or customers.measured_by not in ('line', 'order')
