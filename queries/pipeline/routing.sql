-- One row per work centre on the routing of $product: the hours a unit takes; without a number where its hours are unknown.
select
    routing_steps.work_centre_id,
    work_centres.work_centre_name,
    work_centre_months.work_centre_number,
    routing_steps.hours_per_unit,
    routing_steps.offset_months
from marts.routing_steps as routing_steps
inner join marts.work_centres as work_centres
    on routing_steps.work_centre_id = work_centres.work_centre_id
left join marts.work_centre_months as work_centre_months
    on
        routing_steps.work_centre_id = work_centre_months.work_centre_id
        and work_centre_months.month_number = 0
where routing_steps.product_id = $product
order by routing_steps.work_centre_id
