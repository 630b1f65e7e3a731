-- One row: what is open and what of it is spoken for, and what cannot be there when it is needed, each opportunity taken alone.
select
    count(*) as open_count,
    cast(coalesce(sum(opportunities_ahead.opportunity_value), 0) as decimal(38, 2)) as open_value,
    cast(coalesce(sum(opportunities_ahead.weighted_value), 0) as decimal(38, 2)) as weighted_value,
    count(*) filter (where opportunities_ahead.kind = 'spoken for') as spoken_for_count,
    cast(
        coalesce(sum(case when opportunities_ahead.kind = 'spoken for' then opportunities_ahead.opportunity_value end), 0)
        as decimal(38, 2)
    ) as spoken_for_value,
    count(*) filter (where opportunities_ahead.kind = 'spoken for' and opportunities_ahead.is_too_late) as spoken_for_too_late_count,
    count(*) filter (where opportunities_ahead.is_too_late) as too_late_count,
    cast(
        coalesce(sum(case when opportunities_ahead.is_too_late then opportunities_ahead.opportunity_value end), 0) as decimal(38, 2)
    ) as too_late_value,
    count(*) filter (where opportunities_ahead.is_without_date) as without_date_count
from marts.opportunities_ahead as opportunities_ahead
