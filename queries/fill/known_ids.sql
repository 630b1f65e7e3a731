-- Tells which of some values are ids that a snapshot knows, and of what.
select
    'customer_id' as column_name,
    customers.customer_id as value
from extracts.customers as customers
where list_contains($samples, customers.customer_id)

union

select
    'product_id' as column_name,
    products.product_id as value
from extracts.products as products
where list_contains($samples, products.product_id)

union

select
    'order_id' as column_name,
    order_lines.order_id as value
from extracts.order_lines as order_lines
where order_lines.order_id in (select unnest($samples))

union

select
    'work_centre_id' as column_name,
    work_centres.work_centre_id as value
from extracts.work_centres as work_centres
where list_contains($samples, work_centres.work_centre_id)
