-- One row: which extracts the forward view has, and the months that it looks at.
select
    horizon.as_of_date,
    horizon.first_month,
    horizon.last_month,
    (select count(*) from extracts.capacity) > 0 as has_capacity,
    (select count(*) from extracts.routings) > 0 as has_routings,
    (select count(*) from extracts.opportunities) > 0 as has_opportunities
from marts.horizon as horizon
