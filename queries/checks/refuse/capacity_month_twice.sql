-- The work centre has hours for this month before; the first one stands.
-- Keys are grouped by their hash first, so that no text is carried along where none is met twice.
with hashes_met_twice as (
    select hash(capacity.work_centre_id, capacity.month) as key_hash
    from extracts.capacity as capacity
    group by key_hash
    having count(*) > 1
),

rows_of_the_same_key as (
    select
        capacity.rowid as row_id,
        capacity.work_centre_id || ' ' || cast(capacity.month as varchar) as value,
        row_number() over (partition by capacity.work_centre_id, capacity.month order by capacity.rowid) as meeting
    from extracts.capacity as capacity
    where hash(capacity.work_centre_id, capacity.month) in (select hashes_met_twice.key_hash from hashes_met_twice)
)

select
    'capacity' as extract_name,
    rows_of_the_same_key.row_id,
    'month' as column_name,
    rows_of_the_same_key.value
from rows_of_the_same_key
where rows_of_the_same_key.meeting > 1
