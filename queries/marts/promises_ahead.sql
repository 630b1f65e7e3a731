-- One row per open order line: the month in which its hours are really there, and what comes too late, with the step that stops it.
-- The slowest step decides: as many months as its hours come late, the line does. A step's hours are kept for it in its own month
-- whether or not the step before is late, so that more hours never make a promise later. A promise without a step that is known to
-- stop it is projected as promised; one that has passed already, at the earliest in the first month.
with steps_compared as (
    select
        steps_ahead.order_id,
        steps_ahead.line_number,
        steps_ahead.work_centre_id,
        steps_ahead.load_month,
        steps_ahead.has_hours,
        steps_ahead.completed_month is null as is_beyond_horizon,
        coalesce(date_diff('month', steps_ahead.load_month, steps_ahead.completed_month), 0) as slip_months,
        case
            when steps_ahead.late_hours > 0.000001 then steps_ahead.late_hours / steps_ahead.step_hours else 0
        end as late_share
    from marts.steps_ahead as steps_ahead
),

slips_by_line as (
    select
        steps_compared.order_id,
        steps_compared.line_number,
        bool_or(steps_compared.is_beyond_horizon) as is_beyond_horizon,
        bool_or(not steps_compared.has_hours) as is_without_hours,
        max(steps_compared.slip_months) as slip_months,
        max(steps_compared.late_share) as late_share
    from steps_compared
    group by steps_compared.order_id, steps_compared.line_number
),

late_steps as (
    select
        steps_compared.*,
        row_number() over (
            partition by steps_compared.order_id, steps_compared.line_number
            order by
                steps_compared.is_beyond_horizon desc,
                steps_compared.slip_months desc,
                steps_compared.late_share desc,
                steps_compared.work_centre_id asc
        ) as place
    from steps_compared
    where steps_compared.late_share > 0
),

lines_projected as (
    select
        open_lines.*,
        slips_by_line.order_id is null as is_without_routing,
        coalesce(slips_by_line.is_without_hours, false) as is_without_hours,
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
        late_steps.work_centre_id as blocking_work_centre_id,
        late_steps.load_month as blocking_month
    from marts.open_lines as open_lines
    cross join marts.horizon as horizon
    left join slips_by_line
        on
            open_lines.order_id = slips_by_line.order_id
            and open_lines.line_number = slips_by_line.line_number
    left join late_steps
        on
            open_lines.order_id = late_steps.order_id
            and open_lines.line_number = late_steps.line_number
            and late_steps.place = 1
)

select
    lines_projected.order_id,
    lines_projected.line_number,
    lines_projected.customer_id,
    lines_projected.product_id,
    lines_projected.product_family,
    lines_projected.order_date,
    lines_projected.first_promised_date,
    lines_projected.promised_date,
    lines_projected.promised_month,
    lines_projected.projected_month,
    case
        when lines_projected.is_beyond_horizon then null
        when not lines_projected.is_at_risk then lines_projected.promised_date
        else cast(lines_projected.projected_month + interval 1 month - interval 1 day as date)
    end as projected_date,
    lines_projected.open_quantity,
    lines_projected.unit_price,
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
order by lines_projected.customer_id, lines_projected.promised_date, lines_projected.order_id, lines_projected.line_number
