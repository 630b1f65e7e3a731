-- The hours are negative.
select
    'capacity' as extract_name,
    capacity.rowid as row_id,
    'available_hours' as column_name,
    cast(capacity.available_hours as varchar) as value
from extracts.capacity as capacity
where capacity.available_hours < 0
