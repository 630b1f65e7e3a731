-- One row per work centre met in any extract: its name, its site, and whether its hours in the months ahead are known.
-- One whose hours are unknown holds nothing up: what passes through it is counted, not judged.
with work_centres_met as (
    select work_centres.work_centre_id
    from extracts.work_centres as work_centres
    union
    select capacity.work_centre_id
    from extracts.capacity as capacity
    union
    select routings.work_centre_id
    from extracts.routings as routings
),

with_hours as (
    select distinct capacity.work_centre_id
    from extracts.capacity as capacity
    cross join marts.horizon as horizon
    where cast(date_trunc('month', capacity.month) as date) between horizon.first_month and horizon.last_month
)

select
    work_centres_met.work_centre_id,
    coalesce(work_centres.work_centre_name, work_centres_met.work_centre_id) as work_centre_name,
    work_centres.site,
    with_hours.work_centre_id is not null as has_hours
from work_centres_met
left join extracts.work_centres as work_centres
    on work_centres_met.work_centre_id = work_centres.work_centre_id
left join with_hours
    on work_centres_met.work_centre_id = with_hours.work_centre_id
