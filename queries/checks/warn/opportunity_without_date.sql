-- The opportunity is open and has neither a promised, a requested nor an expected close date, so it loads no month.
select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'requested_date' as column_name,
    opportunities.opportunity_id as value
from extracts.opportunities as opportunities
inner join marts.open_opportunities as open_opportunities
    on opportunities.opportunity_id = open_opportunities.opportunity_id
where open_opportunities.need_date is null
