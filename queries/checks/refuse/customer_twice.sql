-- The customer is in the file before; the first one stands.
-- Keys are grouped by their hash first, so that no text is carried along where none is met twice.
with hashes_met_twice as (
    select hash(customers.customer_id) as key_hash
    from extracts.customers as customers
    group by key_hash
    having count(*) > 1
),

rows_of_the_same_key as (
    select
        customers.rowid as row_id,
        customers.customer_id as value,
        row_number() over (partition by customers.customer_id order by customers.rowid) as meeting
    from extracts.customers as customers
    where hash(customers.customer_id) in (select hashes_met_twice.key_hash from hashes_met_twice)
)

select
    'customers' as extract_name,
    rows_of_the_same_key.row_id,
    'customer_id' as column_name,
    rows_of_the_same_key.value
from rows_of_the_same_key
where rows_of_the_same_key.meeting > 1
