-- One row: open order line $line_number of $order_id, when the hours for it are really there and what stops it; none where it is not open.
select
    promises_ahead.promised_date,
    promises_ahead.projected_date,
    promises_ahead.is_at_risk,
    promises_ahead.is_overdue,
    promises_ahead.is_beyond_horizon,
    promises_ahead.is_without_routing,
    promises_ahead.is_without_hours,
    cast(promises_ahead.late_quantity as double) as late_quantity,
    promises_ahead.at_risk_value,
    work_centres.work_centre_name as blocking_work_centre_name,
    promises_ahead.blocking_month
from marts.promises_ahead as promises_ahead
left join marts.work_centres as work_centres
    on promises_ahead.blocking_work_centre_id = work_centres.work_centre_id
where
    promises_ahead.customer_id = $customer
    and promises_ahead.order_id = $order_id
    and promises_ahead.line_number = $line_number
