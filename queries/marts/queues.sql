-- One row per open order line and work centre on its routing, sorted by work centre and month: who is in the queue and what becomes of
-- each. It carries what becomes of the whole line, so that a queue is shown without looking any line up. Work centre and month are
-- numbered as in marts/work_centre_months, and have no number where hours are unknown.
select
    open_steps.work_centre_id,
    open_steps.load_month,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    open_steps.claim_number,
    promises_ahead.order_id,
    promises_ahead.line_number,
    promises_ahead.customer_id,
    promises_ahead.product_id,
    promises_ahead.first_promised_date,
    promises_ahead.promised_date,
    open_steps.step_hours,
    open_steps.is_backlog,
    promises_ahead.promised_month,
    promises_ahead.projected_month,
    promises_ahead.projected_date,
    promises_ahead.is_at_risk,
    promises_ahead.at_risk_value,
    promises_ahead.open_value
from marts.open_steps as open_steps
inner join marts.promises_ahead as promises_ahead
    on open_steps.claim_number = promises_ahead.claim_number
left join marts.work_centre_months as work_centre_months
    on
        open_steps.work_centre_id = work_centre_months.work_centre_id
        and open_steps.load_month = work_centre_months.month
order by open_steps.work_centre_id, open_steps.load_month, open_steps.claim_number
