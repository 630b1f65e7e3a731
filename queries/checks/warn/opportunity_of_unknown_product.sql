-- The product is not in the products extract; its number stands for its name.
select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'product_id' as column_name,
    opportunities.product_id as value
from extracts.opportunities as opportunities
where
    opportunities.product_id is not null
    and exists (select 1 from extracts.products)
    and opportunities.product_id not in (select products.product_id from extracts.products as products)
