-- One row: how many work centre-months are asked for more than their hours, by how much, and the promises that will not be kept.
-- Opportunities count as $weight says: recorded, all, none, or likely (from a chance of $from_rate on).
with loads_by_month as (
    select
        load_classes.work_centre_id,
        load_classes.month,
        sum(load_classes.backlog_hours) as backlog_hours,
        sum(
            case
                when load_classes.kind = 'firm' or $weight = 'all' then load_classes.load_hours
                when coalesce($weight, 'recorded') = 'recorded' then load_classes.weighted_hours
                when $weight = 'likely' and load_classes.probability_rate >= $from_rate then load_classes.load_hours
                else 0
            end
        ) as load_hours
    from marts.load_classes as load_classes
    group by load_classes.work_centre_id, load_classes.month
),

full_months as (
    select
        count(*) filter (where loads_by_month.load_hours > work_centre_months.available_hours + 0.000001) as full_count,
        count(distinct loads_by_month.work_centre_id) filter (
            where loads_by_month.load_hours > work_centre_months.available_hours + 0.000001
        ) as full_work_centre_count,
        sum(greatest(loads_by_month.load_hours - work_centre_months.available_hours, 0)) as overload_hours,
        sum(loads_by_month.backlog_hours) as backlog_hours
    from loads_by_month
    inner join marts.work_centre_months as work_centre_months
        on
            loads_by_month.work_centre_id = work_centre_months.work_centre_id
            and loads_by_month.month = work_centre_months.month
),

promises as (
    select
        sum(customers_ahead.at_risk_count) as at_risk_count,
        sum(customers_ahead.at_risk_value) as at_risk_value,
        sum(customers_ahead.still_to_break_count) as still_to_break_count,
        sum(customers_ahead.still_to_break_value) as still_to_break_value,
        count(*) filter (where customers_ahead.at_risk_count > 0) as customer_count
    from marts.customers_ahead as customers_ahead
)

select
    cast((select count(*) from marts.work_centre_months) as bigint) as month_count,
    full_months.full_count,
    full_months.full_work_centre_count,
    coalesce(full_months.overload_hours, 0) as overload_hours,
    coalesce(full_months.backlog_hours, 0) as backlog_hours,
    cast(coalesce(promises.at_risk_count, 0) as bigint) as at_risk_count,
    cast(coalesce(promises.at_risk_value, 0) as decimal(38, 2)) as at_risk_value,
    cast(coalesce(promises.still_to_break_count, 0) as bigint) as still_to_break_count,
    cast(coalesce(promises.still_to_break_value, 0) as decimal(38, 2)) as still_to_break_value,
    promises.customer_count
from full_months
cross join promises
