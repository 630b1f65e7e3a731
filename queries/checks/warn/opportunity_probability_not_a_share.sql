-- The probability is not between 0 and 1.
select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'probability' as column_name,
    cast(opportunities.probability as varchar) as value
from extracts.opportunities as opportunities
where opportunities.probability not between 0 and 1
