-- One row: scenario $scenario as it was kept, with what it holds, its totals and its figures by customer (JSON).
select
    logged_scenarios.id as scenario_id,
    logged_scenarios.name,
    logged_scenarios.title,
    logged_scenarios.kept_by,
    cast(logged_scenarios.kept_at as date) as kept_date,
    logged_scenarios.snapshot_id,
    logged_scenarios.as_of_date,
    logged_scenarios.snapshot_id <> snapshot.snapshot_id as is_of_another_snapshot,
    logged_scenarios.holds,
    logged_scenarios.totals,
    logged_scenarios.customers,
    later_scenarios.id as replaced_by_id
from logged_scenarios
cross join snapshot
left join logged_scenarios as later_scenarios
    on logged_scenarios.id = later_scenarios.replaces
where logged_scenarios.id = $scenario
