-- The product is not in the products extract; its number stands for its name.
select
    'routings' as extract_name,
    routings.rowid as row_id,
    'product_id' as column_name,
    routings.product_id as value
from extracts.routings as routings
where
    routings.product_id is not null
    and exists (select 1 from extracts.products)
    and routings.product_id not in (select products.product_id from extracts.products as products)
