-- The quantity is negative.
select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'quantity' as column_name,
    cast(opportunities.quantity as varchar) as value
from extracts.opportunities as opportunities
where opportunities.quantity < 0
