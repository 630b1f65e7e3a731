-- The work centre is not in the work centres extract; its number stands for its name.
select
    'capacity' as extract_name,
    capacity.rowid as row_id,
    'work_centre_id' as column_name,
    capacity.work_centre_id as value
from extracts.capacity as capacity
where
    capacity.work_centre_id is not null
    and exists (select 1 from extracts.work_centres)
    and capacity.work_centre_id not in (select work_centres.work_centre_id from extracts.work_centres as work_centres)
