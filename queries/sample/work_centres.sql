-- One row per work centre: where it stands and what overtime it can give at what price.
-- Six operations, each with as many machines as the company needs; WC-10 is always 'Welding 2'.
with operations as (
    select *
    from (
        values
        (0, 'Cutting', 40.00),
        (1, 'Turning', 46.00),
        (2, 'Milling', 52.00),
        (3, 'Welding', 58.00),
        (4, 'Assembly', 42.00),
        (5, 'Testing', 55.00)
    ) as operations (operation_index, operation_name, overtime_price)
),

machines as (
    select
        operations.*,
        machine_index
    from operations, sample.sizes, range(sizes.machine_count) as machines (machine_index)
),

hours_by_work_centre as (
    select
        work_centre_id,
        avg(available_hours) as usual_hours
    from sample.capacity
    group by work_centre_id
)

select
    format('WC-{:02d}', 6 * machines.machine_index + machines.operation_index + 1) as work_centre_id,
    format('{} {}', machines.operation_name, machines.machine_index + 1) as work_centre_name,
    case machines.machine_index % 2 when 0 then 'Millbrook' else 'Easthaven' end as site,
    greatest(8, round(hours_by_work_centre.usual_hours * 0.12 / 8) * 8)::integer as overtime_hours_limit,
    machines.overtime_price as overtime_cost_per_hour
from machines
inner join hours_by_work_centre
    on hours_by_work_centre.work_centre_id = format(
        'WC-{:02d}', 6 * machines.machine_index + machines.operation_index + 1
    )
order by machines.machine_index, machines.operation_index
