-- The product has no routing although others have, so its orders and opportunities load no work centre.
select
    'products' as extract_name,
    products.rowid as row_id,
    'product_id' as column_name,
    products.product_id as value
from extracts.products as products
where
    exists (select 1 from extracts.routings)
    and products.product_id not in (select routings.product_id from extracts.routings as routings)
