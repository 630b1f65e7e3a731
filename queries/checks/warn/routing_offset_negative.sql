-- The step would be worked after delivery, which counts as in the month of delivery.
select
    'routings' as extract_name,
    routings.rowid as row_id,
    'offset_months' as column_name,
    cast(routings.offset_months as varchar) as value
from extracts.routings as routings
where routings.offset_months < 0
