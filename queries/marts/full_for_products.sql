-- One row per product and month of promise in which a work centre on its routing was promised more than its hours: the fullest one.
-- The day from which promises came onto a full month is the earliest of all its full work centres.
with full_steps as (
    select
        routing_steps.product_id,
        cast(full_months.month + routing_steps.offset_months * interval 1 month as date) as promise_month,
        full_months.work_centre_id,
        full_months.month,
        full_months.load_hours,
        full_months.available_hours,
        min(full_months.full_from_date) over (
            partition by
                routing_steps.product_id,
                cast(full_months.month + routing_steps.offset_months * interval 1 month as date)
        ) as full_from_date,
        row_number() over (
            partition by
                routing_steps.product_id,
                cast(full_months.month + routing_steps.offset_months * interval 1 month as date)
            order by full_months.load_hours / greatest(full_months.available_hours, 0.001) desc, full_months.work_centre_id asc
        ) as place
    from marts.full_months as full_months
    inner join marts.routing_steps as routing_steps
        on full_months.work_centre_id = routing_steps.work_centre_id
)

select
    full_steps.product_id,
    full_steps.promise_month,
    full_steps.work_centre_id,
    full_steps.month,
    full_steps.load_hours,
    full_steps.available_hours,
    full_steps.full_from_date
from full_steps
where full_steps.place = 1
