-- The product is in the file before; the first one stands.
-- Keys are grouped by their hash first, so that no text is carried along where none is met twice.
with hashes_met_twice as (
    select hash(products.product_id) as key_hash
    from extracts.products as products
    group by key_hash
    having count(*) > 1
),

rows_of_the_same_key as (
    select
        products.rowid as row_id,
        products.product_id as value,
        row_number() over (partition by products.product_id order by products.rowid) as meeting
    from extracts.products as products
    where hash(products.product_id) in (select hashes_met_twice.key_hash from hashes_met_twice)
)

select
    'products' as extract_name,
    rows_of_the_same_key.row_id,
    'product_id' as column_name,
    rows_of_the_same_key.value
from rows_of_the_same_key
where rows_of_the_same_key.meeting > 1
