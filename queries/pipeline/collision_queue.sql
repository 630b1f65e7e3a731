-- One row per open order line and work centre that $opportunity would take hours of: who is in the queue there, and in which order.
select
    open_steps.order_id,
    open_steps.line_number,
    open_steps.customer_id,
    customers.customer_name,
    open_steps.work_centre_id,
    work_centres.work_centre_name,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    open_steps.step_hours,
    open_steps.first_promised_date,
    open_steps.promised_date,
    promises_ahead.projected_month,
    promises_ahead.projected_date,
    greatest(promises_ahead.promised_month, horizon.first_month) as due_month,
    promises_ahead.open_value
from marts.open_steps as open_steps
inner join marts.work_centre_months as work_centre_months
    on
        open_steps.work_centre_id = work_centre_months.work_centre_id
        and open_steps.load_month = work_centre_months.month
inner join marts.work_centres as work_centres
    on open_steps.work_centre_id = work_centres.work_centre_id
inner join marts.promises_ahead as promises_ahead
    on
        open_steps.order_id = promises_ahead.order_id
        and open_steps.line_number = promises_ahead.line_number
inner join marts.customers as customers
    on open_steps.customer_id = customers.customer_id
cross join marts.horizon as horizon
where
    open_steps.work_centre_id in (
        select opportunity_steps.work_centre_id
        from marts.opportunity_steps as opportunity_steps
        where opportunity_steps.opportunity_id = $opportunity
    )
order by open_steps.first_promised_date, open_steps.order_id, open_steps.line_number
