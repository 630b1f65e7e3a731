-- One row per open order line and work centre on its routing: the hours still to work, and the month in which they fall.
-- That is the promised month less the routing's offset. What should have been worked before the first month falls in the first, as
-- backlog. It goes once the marts that read it stand; marts/queues stays.
with steps as (
    select
        open_lines.claim_number,
        routing_steps.work_centre_id,
        cast(open_lines.open_quantity as double) * routing_steps.hours_per_unit as step_hours,
        cast(open_lines.promised_month - routing_steps.offset_months * interval 1 month as date) as planned_month
    from marts.open_lines as open_lines
    inner join marts.routing_steps as routing_steps
        on open_lines.product_id = routing_steps.product_id
)

select
    steps.claim_number,
    steps.work_centre_id,
    greatest(steps.planned_month, horizon.first_month) as load_month,
    steps.step_hours,
    steps.planned_month < horizon.first_month as is_backlog
from steps
cross join marts.horizon as horizon
