-- The opportunity is in the file before; the first one stands.
-- Keys are grouped by their hash first, so that no text is carried along where none is met twice.
with hashes_met_twice as (
    select hash(opportunities.opportunity_id) as key_hash
    from extracts.opportunities as opportunities
    group by key_hash
    having count(*) > 1
),

rows_of_the_same_key as (
    select
        opportunities.rowid as row_id,
        opportunities.opportunity_id as value,
        row_number() over (partition by opportunities.opportunity_id order by opportunities.rowid) as meeting
    from extracts.opportunities as opportunities
    where hash(opportunities.opportunity_id) in (select hashes_met_twice.key_hash from hashes_met_twice)
)

select
    'opportunities' as extract_name,
    rows_of_the_same_key.row_id,
    'opportunity_id' as column_name,
    rows_of_the_same_key.value
from rows_of_the_same_key
where rows_of_the_same_key.meeting > 1
