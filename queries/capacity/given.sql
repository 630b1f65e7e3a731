-- One row: which extracts the forward view has, and the months that it looks at.
select
    horizon.as_of_date,
    horizon.first_month,
    horizon.last_month,
    exists (select 1 from extracts.capacity) as has_capacity,
    exists (select 1 from extracts.routings) as has_routings,
    exists (select 1 from extracts.opportunities) as has_opportunities
from marts.horizon as horizon
