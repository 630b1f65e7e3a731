-- The price is in another currency than the company's; it is added up as it stands, not converted.
select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'currency' as column_name,
    opportunities.currency as value
from extracts.opportunities as opportunities
cross join snapshot
left join currency_signs
    on opportunities.currency = currency_signs.sign
where
    opportunities.currency is not null
    and not upper(coalesce(currency_signs.code, opportunities.currency)) = upper(snapshot.currency)
