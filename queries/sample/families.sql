-- One row per product family: what its products are called, cost and take, and the lot they are sold in.
select *
from (
    values
    (0, 'Pumps', 'Pump', 1, 'mm', 42, 1800.00, 1),
    (1, 'Valves', 'Valve', 1, 'mm', 21, 240.00, 5),
    (2, 'Housings', 'Housing', 2, 'mm', 28, 420.00, 2),
    (3, 'Flanges', 'Flange', 1, 'mm', 14, 38.00, 20),
    (4, 'Gearboxes', 'Gearbox', 5, 'Nm', 56, 2600.00, 1),
    (5, 'Heat exchangers', 'Heat exchanger', 1, 'kW', 42, 3400.00, 1),
    (6, 'Frames', 'Frame', 10, 'mm', 28, 650.00, 2),
    (7, 'Manifolds', 'Manifold', 1, 'mm', 28, 310.00, 4)
) as families (
    family_index, product_family, product_word, size_step, size_unit, family_lead_time_days, family_price, lot_size
)
