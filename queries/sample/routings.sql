-- One row per product and work centre it passes through: the hours a unit takes there, how many months before delivery.
with operations_by_family as (
    select *
    from (
        values
        ('Pumps', 2, 1, 0.9),
        ('Pumps', 4, 0, 1.2),
        ('Pumps', 5, 0, 0.7),
        ('Valves', 1, 0, 0.9),
        ('Valves', 4, 0, 0.6),
        ('Housings', 0, 1, 0.6),
        ('Housings', 2, 0, 1.1),
        ('Flanges', 0, 0, 0.7),
        ('Flanges', 1, 0, 0.9),
        ('Gearboxes', 2, 1, 1.3),
        ('Gearboxes', 4, 0, 1.1),
        ('Gearboxes', 5, 0, 0.6),
        ('Heat exchangers', 0, 1, 0.7),
        ('Heat exchangers', 3, 0, 1.4),
        ('Heat exchangers', 5, 0, 0.6),
        ('Frames', 0, 0, 0.6),
        ('Frames', 3, 0, 1.2),
        ('Manifolds', 1, 0, 0.8),
        ('Manifolds', 2, 0, 0.7)
    ) as operations_by_family (product_family, operation_index, offset_months, hours_per_lot)
)

select
    product_habits.product_id,
    format(
        'WC-{:02d}',
        6 * (product_habits.place_in_family % sizes.machine_count) + operations_by_family.operation_index + 1
    ) as work_centre_id,
    round(operations_by_family.hours_per_lot * product_habits.effort / product_habits.lot_size, 3)::decimal(
        9, 3
    ) as hours_per_unit,
    operations_by_family.offset_months
from sample.product_habits
inner join operations_by_family on product_habits.product_family = operations_by_family.product_family
cross join sample.sizes
order by product_habits.product_index, operations_by_family.operation_index
