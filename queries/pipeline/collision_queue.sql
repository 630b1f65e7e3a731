-- One row per open order line and work centre that $opportunity would take hours of: who is in the queue there, in no order.
select
    queues.order_id,
    queues.line_number,
    queues.customer_id,
    customers.customer_name,
    queues.work_centre_id,
    work_centres.work_centre_name,
    work_centre_months.work_centre_number,
    work_centre_months.month_number,
    queues.step_hours,
    queues.first_promised_date,
    queues.promised_date,
    queues.projected_month,
    queues.projected_date,
    greatest(queues.promised_month, horizon.first_month) as due_month,
    queues.open_value
from marts.queues as queues
inner join marts.work_centre_months as work_centre_months
    on
        queues.work_centre_id = work_centre_months.work_centre_id
        and queues.load_month = work_centre_months.month
inner join marts.work_centres as work_centres
    on queues.work_centre_id = work_centres.work_centre_id
inner join marts.customers as customers
    on queues.customer_id = customers.customer_id
cross join marts.horizon as horizon
where
    queues.work_centre_id in (
        select opportunity_steps.work_centre_id
        from marts.opportunity_steps as opportunity_steps
        where opportunity_steps.opportunity_id = $opportunity
    )
