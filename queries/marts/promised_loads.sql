-- One row per work centre and month, past and ahead: the hours that all promises for it take, delivered or not, against those there were.
-- Promises count in the month of their first promise less the routing's offset; cancelled ones do not. Hours are empty where unknown.
with quantities_by_month as (
    select
        promises.product_id,
        promises.promise_month,
        cast(sum(promises.ordered_quantity) as double) as ordered_quantity
    from marts.promises as promises
    where not promises.is_cancelled
    group by promises.product_id, promises.promise_month
),

loads as (
    select
        routing_steps.work_centre_id,
        cast(quantities_by_month.promise_month - routing_steps.offset_months * interval 1 month as date) as month,
        quantities_by_month.ordered_quantity * routing_steps.hours_per_unit as load_hours
    from quantities_by_month
    inner join marts.routing_steps as routing_steps
        on quantities_by_month.product_id = routing_steps.product_id
),

loads_by_month as (
    select
        loads.work_centre_id,
        loads.month,
        sum(loads.load_hours) as load_hours
    from loads
    group by loads.work_centre_id, loads.month
),

hours_by_month as (
    select
        capacity.work_centre_id,
        cast(date_trunc('month', capacity.month) as date) as month,
        sum(greatest(capacity.available_hours, 0)) as available_hours
    from extracts.capacity as capacity
    group by capacity.work_centre_id, cast(date_trunc('month', capacity.month) as date)
)

select
    loads_by_month.work_centre_id,
    loads_by_month.month,
    loads_by_month.load_hours,
    hours_by_month.available_hours,
    coalesce(loads_by_month.load_hours > hours_by_month.available_hours + 0.000001, false) as is_full
from loads_by_month
left join hours_by_month
    on
        loads_by_month.work_centre_id = hours_by_month.work_centre_id
        and loads_by_month.month = hours_by_month.month
order by loads_by_month.work_centre_id, loads_by_month.month
