-- The work centre is not in the work centres extract; its number stands for its name.
select
    'routings' as extract_name,
    routings.rowid as row_id,
    'work_centre_id' as column_name,
    routings.work_centre_id as value
from extracts.routings as routings
where
    routings.work_centre_id is not null
    and exists (select 1 from extracts.work_centres)
    and routings.work_centre_id not in (select work_centres.work_centre_id from extracts.work_centres as work_centres)
