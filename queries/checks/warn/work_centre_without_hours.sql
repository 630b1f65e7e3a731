-- The work centre is on a routing and has no hours in any month ahead, so nothing that passes through it is held up there.
select
    'routings' as extract_name,
    min(routings.rowid) as row_id,
    'work_centre_id' as column_name,
    routings.work_centre_id as value
from extracts.routings as routings
inner join marts.work_centres as work_centres
    on routings.work_centre_id = work_centres.work_centre_id
where
    not work_centres.has_hours
    and exists (select 1 from extracts.capacity)
group by routings.work_centre_id
