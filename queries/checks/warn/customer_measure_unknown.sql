-- The customer's own measurement is not one that can be computed; the company's is used.
select
    'customers' as extract_name,
    customers.rowid as row_id,
    'measured_on' as column_name,
    concat_ws(
        ', ',
        customers.measured_on,
        customers.measured_by,
        cast(customers.days_early_allowed as varchar),
        cast(customers.days_late_allowed as varchar),
        cast(customers.quantity_tolerance as varchar)
    ) as value
from extracts.customers as customers
where
    customers.measured_on not in ('request', 'first promise', 'current promise')
    or customers.measured_by not in ('line', 'order')
    or customers.days_early_allowed < 0
    or customers.days_late_allowed < 0
    or customers.quantity_tolerance not between 0 and 1
