-- The hours per unit are no number or more than a million, which no unit takes.
select
    'routings' as extract_name,
    routings.rowid as row_id,
    'hours_per_unit' as column_name,
    cast(routings.hours_per_unit as varchar) as value
from extracts.routings as routings
where not (routings.hours_per_unit <= 1e6)
