-- The product has this work centre on its routing before; the first one stands.
-- Keys are grouped by their hash first, so that no text is carried along where none is met twice.
with hashes_met_twice as (
    select hash(routings.product_id, routings.work_centre_id) as key_hash
    from extracts.routings as routings
    group by key_hash
    having count(*) > 1
),

rows_of_the_same_key as (
    select
        routings.rowid as row_id,
        routings.product_id || ' ' || routings.work_centre_id as value,
        row_number() over (partition by routings.product_id, routings.work_centre_id order by routings.rowid) as meeting
    from extracts.routings as routings
    where hash(routings.product_id, routings.work_centre_id) in (select hashes_met_twice.key_hash from hashes_met_twice)
)

select
    'routings' as extract_name,
    rows_of_the_same_key.row_id,
    'work_centre_id' as column_name,
    rows_of_the_same_key.value
from rows_of_the_same_key
where rows_of_the_same_key.meeting > 1
