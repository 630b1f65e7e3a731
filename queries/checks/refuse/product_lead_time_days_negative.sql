-- The lead time is negative.
select
    'products' as extract_name,
    products.rowid as row_id,
    'lead_time_days' as column_name,
    cast(products.lead_time_days as varchar) as value
from extracts.products as products
where products.lead_time_days < 0
