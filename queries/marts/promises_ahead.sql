-- One row per open order line: the month in which its hours are really there, and what comes too late, with the step that stops it.
-- The slowest step decides: as many months as its hours come late, the line does. A step's hours are kept for it in its own month
-- whether or not the step before is late, so that more hours never make a promise later. A promise without a step that is known to
-- stop it is projected as promised; one that has passed already, at the earliest in the first month. Claims are numbered as in
-- marts/open_lines, customers as in marts/claimants. A line is due in the month promised, and not before the first one; the margin of a
-- unit is empty where price or cost is unknown.
with steps_compared as (
    select
        late_steps.claim_number,
        late_steps.work_centre_id,
        late_steps.load_month,
        late_steps.completed_month is null as is_beyond_horizon,
        coalesce(date_diff('month', late_steps.load_month, late_steps.completed_month), 0) as slip_months,
        late_steps.late_hours / late_steps.step_hours as late_share
    from marts.late_steps as late_steps
),

slips_by_line as (
    select
        steps_compared.claim_number,
        bool_or(steps_compared.is_beyond_horizon) as is_beyond_horizon,
        max(steps_compared.slip_months) as slip_months,
        max(steps_compared.late_share) as late_share
    from steps_compared
    group by steps_compared.claim_number
),

slowest_steps as (
    select
        steps_compared.*,
        row_number() over (
            partition by steps_compared.claim_number
            order by
                steps_compared.is_beyond_horizon desc,
                steps_compared.slip_months desc,
                steps_compared.late_share desc,
                steps_compared.work_centre_id asc
        ) as place
    from steps_compared
),

products_promised as (
    select distinct
        open_lines.product_id,
        open_lines.promised_month
    from marts.open_lines as open_lines
),

routings_by_month as (
    select
        products_promised.product_id,
        products_promised.promised_month,
        bool_or(work_centre_months.month is null) as is_without_hours
    from products_promised
    inner join marts.routing_steps as routing_steps
        on products_promised.product_id = routing_steps.product_id
    cross join marts.horizon as horizon
    left join marts.work_centre_months as work_centre_months
        on
            routing_steps.work_centre_id = work_centre_months.work_centre_id
            and greatest(
                cast(products_promised.promised_month - routing_steps.offset_months * interval 1 month as date),
                horizon.first_month
            ) = work_centre_months.month
    group by products_promised.product_id, products_promised.promised_month
),

lines_projected as (
    select
        open_lines.*,
        claimants.customer_number,
        greatest(open_lines.promised_month, horizon.first_month) as due_month,
        cast(open_lines.unit_price - products.unit_cost as double) as unit_margin,
        routings_by_month.product_id is null as is_without_routing,
        coalesce(routings_by_month.is_without_hours, false) as is_without_hours,
        coalesce(slips_by_line.is_beyond_horizon, false) as is_beyond_horizon,
        case
            when coalesce(slips_by_line.is_beyond_horizon, false) then null
            else cast(
                greatest(open_lines.promised_month, horizon.first_month)
                + coalesce(slips_by_line.slip_months, 0) * interval 1 month as date
            )
        end as projected_month,
        open_lines.is_overdue
        or coalesce(slips_by_line.is_beyond_horizon, false)
        or coalesce(slips_by_line.slip_months, 0) > 0 as is_at_risk,
        case
            when open_lines.is_overdue then open_lines.open_quantity
            else cast(
                cast(open_lines.open_quantity as double) * coalesce(slips_by_line.late_share, 0) as decimal(18, 3)
            )
        end as late_quantity,
        slowest_steps.work_centre_id as blocking_work_centre_id,
        slowest_steps.load_month as blocking_month
    from marts.open_lines as open_lines
    cross join marts.horizon as horizon
    inner join marts.claimants as claimants
        on open_lines.customer_id = claimants.customer_id
    left join extracts.products as products
        on open_lines.product_id = products.product_id
    left join routings_by_month
        on
            open_lines.product_id = routings_by_month.product_id
            and open_lines.promised_month = routings_by_month.promised_month
    left join slips_by_line
        on open_lines.claim_number = slips_by_line.claim_number
    left join slowest_steps
        on
            open_lines.claim_number = slowest_steps.claim_number
            and slowest_steps.place = 1
)

select
    lines_projected.claim_number,
    lines_projected.order_id,
    lines_projected.line_number,
    lines_projected.customer_number,
    lines_projected.customer_id,
    lines_projected.product_id,
    lines_projected.product_family,
    lines_projected.order_date,
    lines_projected.first_promised_date,
    lines_projected.promised_date,
    lines_projected.promised_month,
    lines_projected.due_month,
    lines_projected.projected_month,
    case
        when lines_projected.is_beyond_horizon then null
        when not lines_projected.is_at_risk then lines_projected.promised_date
        else cast(lines_projected.projected_month + interval 1 month - interval 1 day as date)
    end as projected_date,
    lines_projected.open_quantity,
    lines_projected.unit_price,
    lines_projected.unit_margin,
    lines_projected.open_value,
    lines_projected.late_quantity,
    cast(
        cast(lines_projected.late_quantity as decimal(38, 3)) * coalesce(lines_projected.unit_price, 0) as decimal(18, 2)
    ) as at_risk_value,
    lines_projected.blocking_work_centre_id,
    lines_projected.blocking_month,
    lines_projected.is_at_risk,
    lines_projected.is_overdue,
    lines_projected.is_beyond_horizon,
    lines_projected.is_without_routing,
    lines_projected.is_without_hours
from lines_projected
order by lines_projected.customer_number, lines_projected.promised_date, lines_projected.claim_number
