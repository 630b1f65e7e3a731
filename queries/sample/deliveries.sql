-- One row per delivery of an order line: what left or arrived, when, and why it was late if somebody said so.
with parts_of_lines as (
    select
        *,
        1 as part,
        first_day as delivered_day,
        first_quantity as part_quantity
    from sample.order_line_stories
    where first_quantity > 0
    union all
    select
        *,
        2 as part,
        last_day as delivered_day,
        quantity - first_quantity as part_quantity
    from sample.order_line_stories
),

parts_delivered as (
    select *
    from parts_of_lines
    where not is_cancelled and delivered_day <= 524
)

select
    format('D-{:06d}', 200000 + 2 * parts_delivered.line_index + parts_delivered.part - 1) as delivery_id,
    format('SO-{:06d}', 100000 + parts_delivered.order_index) as order_id,
    parts_delivered.line_number,
    product_habits.product_id,
    working_date(parts_delivered.delivered_day) as delivered_date,
    working_date(
        greatest(
            parts_delivered.order_day,
            parts_delivered.delivered_day - if(customer_habits.region = 'Export', 3, 1)
        )
    ) as shipped_date,
    parts_delivered.part_quantity as quantity,
    case
        when parts_delivered.part = 1 or not parts_delivered.is_late then null
        when parts_delivered.is_out_of_hours and chance($seed, 'reason', parts_delivered.line_index) < 0.85
            then 'No capacity'
        when chance($seed, 'reason given', parts_delivered.line_index) > 0.65 then null
        when parts_delivered.is_inside_lead_time and chance($seed, 'reason', parts_delivered.line_index) < 0.5
            then 'Lead time too short'
        else [
            'Waiting for material', 'Waiting for material', 'Waiting for material', 'Machine down', 'Machine down',
            'No capacity', 'No capacity', 'Carrier delay', 'Rework', 'Credit block', 'Customer not ready',
            'Drawing missing'
        ][1 + floor(12 * chance($seed, 'which reason', parts_delivered.line_index))::integer]
    end as reason
from parts_delivered
inner join sample.customer_habits on parts_delivered.customer_index = customer_habits.customer_index
inner join sample.product_habits on parts_delivered.product_index = product_habits.product_index
order by parts_delivered.line_index, parts_delivered.part
