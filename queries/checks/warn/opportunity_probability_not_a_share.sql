-- The probability is not between 0 and 1; where most of them are above 1, all are read as per cent, else the stage's mean stands in.
select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'probability' as column_name,
    cast(opportunities.probability as varchar) as value
from extracts.opportunities as opportunities
where opportunities.probability not between 0 and 1
