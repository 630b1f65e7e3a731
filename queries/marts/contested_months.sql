-- One row per contested work centre-month: asked for more than its hours, or holding up a promise.
-- Missing hours are those of open orders given only later, at stake is what breaks there if nobody decides: the earliest first promise
-- is served first, and each line counts where its slowest step is held up. Days are to the projected date, where that is known.
with late_by_cell as (
    select
        late_steps.work_centre_id,
        late_steps.load_month as month,
        sum(late_steps.late_hours) as missing_hours
    from marts.late_steps as late_steps
    group by late_steps.work_centre_id, late_steps.load_month
),

broken_by_customer as (
    select
        promises_ahead.blocking_work_centre_id as work_centre_id,
        promises_ahead.blocking_month as month,
        promises_ahead.customer_id,
        count(*) as broken_count,
        count(*) filter (where promises_ahead.is_beyond_horizon) as beyond_horizon_count,
        sum(promises_ahead.at_risk_value) as at_stake_value,
        sum(date_diff('day', promises_ahead.promised_date, promises_ahead.projected_date)) as imposed_days,
        min(promises_ahead.first_promised_date) as since_date
    from marts.promises_ahead as promises_ahead
    where
        promises_ahead.is_at_risk
        and promises_ahead.blocking_work_centre_id is not null
    group by promises_ahead.blocking_work_centre_id, promises_ahead.blocking_month, promises_ahead.customer_id
),

customers_placed as (
    select
        broken_by_customer.*,
        customers.customer_name,
        row_number() over (
            partition by broken_by_customer.work_centre_id, broken_by_customer.month
            order by broken_by_customer.at_stake_value desc, broken_by_customer.customer_id asc
        ) as place
    from broken_by_customer
    inner join marts.customers as customers
        on broken_by_customer.customer_id = customers.customer_id
),

broken_by_cell as (
    select
        customers_placed.work_centre_id,
        customers_placed.month,
        count(*) as customer_count,
        max(case when customers_placed.place = 1 then customers_placed.customer_name end)
        || coalesce(' · ' || max(case when customers_placed.place = 2 then customers_placed.customer_name end), '')
        || coalesce(' · ' || max(case when customers_placed.place = 3 then customers_placed.customer_name end), '')
            as customer_names,
        sum(customers_placed.broken_count) as broken_count,
        sum(customers_placed.beyond_horizon_count) as beyond_horizon_count,
        sum(customers_placed.at_stake_value) as at_stake_value,
        sum(customers_placed.imposed_days) as imposed_days,
        min(customers_placed.since_date) as since_date
    from customers_placed
    group by customers_placed.work_centre_id, customers_placed.month
)

select
    load_months.work_centre_id,
    work_centres.work_centre_name,
    load_months.month,
    load_months.load_hours,
    load_months.available_hours,
    load_months.overload_hours,
    coalesce(late_by_cell.missing_hours, 0) as missing_hours,
    cast(coalesce(broken_by_cell.customer_count, 0) as bigint) as customer_count,
    broken_by_cell.customer_names,
    cast(coalesce(broken_by_cell.broken_count, 0) as bigint) as broken_count,
    cast(coalesce(broken_by_cell.beyond_horizon_count, 0) as bigint) as beyond_horizon_count,
    cast(coalesce(broken_by_cell.at_stake_value, 0) as decimal(38, 2)) as at_stake_value,
    cast(coalesce(broken_by_cell.imposed_days, 0) as bigint) as imposed_days,
    coalesce(broken_by_cell.since_date, load_months.month) as since_date
from marts.load_months as load_months
inner join marts.work_centres as work_centres
    on load_months.work_centre_id = work_centres.work_centre_id
left join late_by_cell
    on
        load_months.work_centre_id = late_by_cell.work_centre_id
        and load_months.month = late_by_cell.month
left join broken_by_cell
    on
        load_months.work_centre_id = broken_by_cell.work_centre_id
        and load_months.month = broken_by_cell.month
where
    load_months.overload_hours > 0.000001
    or late_by_cell.missing_hours > 0.000001
order by load_months.work_centre_id, load_months.month
