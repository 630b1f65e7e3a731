-- The product is not in the products extract; its number stands for its name.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'product_id' as column_name,
    order_lines.product_id as value
from extracts.order_lines as order_lines
where
    order_lines.product_id is not null
    and exists (select 1 from extracts.products)
    and order_lines.product_id not in (select products.product_id from extracts.products as products)
