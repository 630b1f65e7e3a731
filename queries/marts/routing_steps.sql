-- One row per product and work centre it takes hours of: the hours a unit takes, and how many months before delivery.
-- A step without hours loads nothing and holds nothing up; an offset below 0 counts as 0, one of more than ten years as ten.
select
    routings.product_id,
    routings.work_centre_id,
    routings.hours_per_unit,
    least(greatest(coalesce(routings.offset_months, 0), 0), 120) as offset_months
from extracts.routings as routings
where routings.hours_per_unit > 0
