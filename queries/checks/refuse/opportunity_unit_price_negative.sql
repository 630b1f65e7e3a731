-- The unit price is negative.
select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'unit_price' as column_name,
    cast(opportunities.unit_price as varchar) as value
from extracts.opportunities as opportunities
where opportunities.unit_price < 0
