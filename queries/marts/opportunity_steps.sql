-- One row per open opportunity with a date and work centre on its routing: the hours it would take, and the month they would fall in.
-- Hours are of the whole quantity; whoever reads weighs them. Work can begin when the order is expected, and not before the first month.
select
    open_opportunities.opportunity_id,
    open_opportunities.customer_id,
    open_opportunities.kind,
    open_opportunities.probability_rate,
    routing_steps.work_centre_id,
    routing_steps.offset_months,
    cast(open_opportunities.opportunity_quantity as double) * routing_steps.hours_per_unit as step_hours,
    greatest(
        cast(open_opportunities.need_month - routing_steps.offset_months * interval 1 month as date), horizon.first_month
    ) as load_month,
    greatest(
        cast(date_trunc('month', coalesce(open_opportunities.expected_close_date, horizon.first_month)) as date),
        horizon.first_month
    ) as start_month
from marts.open_opportunities as open_opportunities
inner join marts.routing_steps as routing_steps
    on open_opportunities.product_id = routing_steps.product_id
cross join marts.horizon as horizon
where open_opportunities.need_month is not null
order by routing_steps.work_centre_id, load_month
