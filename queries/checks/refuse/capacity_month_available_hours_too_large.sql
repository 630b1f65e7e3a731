-- The hours are no number or more than a billion, which no work centre has in a month.
select
    'capacity' as extract_name,
    capacity.rowid as row_id,
    'available_hours' as column_name,
    cast(capacity.available_hours as varchar) as value
from extracts.capacity as capacity
where not (capacity.available_hours <= 1e9)
