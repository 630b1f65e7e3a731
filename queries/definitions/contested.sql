-- Contested: a work centre's month that is asked for more than its hours, or in which an open order line does not get its hours in time.
-- Formula: months with load > available hours, or with hours of open order lines given only later.
with late_months as (
    select distinct
        late_steps.work_centre_id,
        late_steps.load_month
    from marts.late_steps as late_steps
)

select count(*) filter (where load_months.overload_hours > 0.000001 or late_months.load_month is not null) as contested_count
from marts.load_months as load_months
left join late_months
    on
        load_months.work_centre_id = late_months.work_centre_id
        and load_months.month = late_months.load_month
