-- The unit cost is negative.
select
    'products' as extract_name,
    products.rowid as row_id,
    'unit_cost' as column_name,
    cast(products.unit_cost as varchar) as value
from extracts.products as products
where products.unit_cost < 0
