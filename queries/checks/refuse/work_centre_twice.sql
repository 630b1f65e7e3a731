-- The work centre is in the file before; the first one stands.
-- Keys are grouped by their hash first, so that no text is carried along where none is met twice.
with hashes_met_twice as (
    select hash(work_centres.work_centre_id) as key_hash
    from extracts.work_centres as work_centres
    group by key_hash
    having count(*) > 1
),

rows_of_the_same_key as (
    select
        work_centres.rowid as row_id,
        work_centres.work_centre_id as value,
        row_number() over (partition by work_centres.work_centre_id order by work_centres.rowid) as meeting
    from extracts.work_centres as work_centres
    where hash(work_centres.work_centre_id) in (select hashes_met_twice.key_hash from hashes_met_twice)
)

select
    'work_centres' as extract_name,
    rows_of_the_same_key.row_id,
    'work_centre_id' as column_name,
    rows_of_the_same_key.value
from rows_of_the_same_key
where rows_of_the_same_key.meeting > 1
