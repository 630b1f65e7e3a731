-- The step takes no hours, so it loads nothing and holds nothing up.
select
    'routings' as extract_name,
    routings.rowid as row_id,
    'hours_per_unit' as column_name,
    cast(routings.hours_per_unit as varchar) as value
from extracts.routings as routings
where routings.hours_per_unit = 0
