-- One row per scenario that was kept, the newest entry of each name, or with $is_all every entry: its figures as they were when it was
-- kept, and whether it was kept on another snapshot than this one. The newest first. At most a thousand.
select
    logged_scenarios.id as scenario_id,
    logged_scenarios.name,
    logged_scenarios.title,
    logged_scenarios.kept_by,
    cast(logged_scenarios.kept_at as date) as kept_date,
    logged_scenarios.as_of_date,
    logged_scenarios.snapshot_id <> snapshot.snapshot_id as is_of_another_snapshot,
    later_scenarios.id is not null as is_replaced,
    cast(json_extract(logged_scenarios.totals, '$.kept_count') as bigint) as kept_count,
    cast(json_extract(logged_scenarios.totals, '$.broken_count') as bigint) as broken_count,
    cast(json_extract(logged_scenarios.totals, '$.imposed_days') as bigint) as imposed_days,
    cast(json_extract(logged_scenarios.totals, '$.late_value') as double) as late_value,
    cast(json_extract(logged_scenarios.totals, '$.cost_value') as double) as cost_value
from logged_scenarios
cross join snapshot
left join logged_scenarios as later_scenarios
    on logged_scenarios.id = later_scenarios.replaces
where
    coalesce($is_all, false)
    or later_scenarios.id is null
order by logged_scenarios.id desc
limit 1000
