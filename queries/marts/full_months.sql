-- One row per work centre and month promised more than its hours: from which day on every further promise came onto a full month.
-- That is the first day on which the orders taken so far had used up the hours; an order without a date counts as the oldest.
with lines_of_full_months as (
    select
        promised_loads.work_centre_id,
        promised_loads.month,
        coalesce(promises.order_date, date '1900-01-01') as order_date,
        sum(cast(promises.ordered_quantity as double) * routing_steps.hours_per_unit) as load_hours
    from marts.promised_loads as promised_loads
    inner join marts.routing_steps as routing_steps
        on promised_loads.work_centre_id = routing_steps.work_centre_id
    inner join marts.promises as promises
        on
            routing_steps.product_id = promises.product_id
            and cast(promised_loads.month + routing_steps.offset_months * interval 1 month as date) = promises.promise_month
    where
        promised_loads.is_full
        and not promises.is_cancelled
    group by promised_loads.work_centre_id, promised_loads.month, coalesce(promises.order_date, date '1900-01-01')
),

taken_so_far as (
    select
        lines_of_full_months.work_centre_id,
        lines_of_full_months.month,
        lines_of_full_months.order_date,
        sum(lines_of_full_months.load_hours) over (
            partition by lines_of_full_months.work_centre_id, lines_of_full_months.month
            order by lines_of_full_months.order_date
        ) as taken_hours
    from lines_of_full_months
)

select
    promised_loads.work_centre_id,
    promised_loads.month,
    promised_loads.load_hours,
    promised_loads.available_hours,
    min(taken_so_far.order_date) as full_from_date
from marts.promised_loads as promised_loads
inner join taken_so_far
    on
        promised_loads.work_centre_id = taken_so_far.work_centre_id
        and promised_loads.month = taken_so_far.month
        and promised_loads.available_hours <= taken_so_far.taken_hours
where promised_loads.is_full
group by promised_loads.work_centre_id, promised_loads.month, promised_loads.load_hours, promised_loads.available_hours
