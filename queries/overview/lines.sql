-- One row per order line behind a figure of $month: $figure is due, kept, broken, re-promised, cancelled or waiting now.
-- At most a thousand, the largest gap first; waiting now looks at all months.
select
    customers.customer_name,
    promises.order_id,
    promises.line_number,
    promises.product_id,
    promises.requested_date,
    promises.first_promised_date,
    promises.promised_date,
    promises.completed_date,
    promises.ended_by,
    promises.ordered_quantity,
    promises.delivered_by_promise_quantity,
    promises.late_days,
    promises.ordered_value,
    promises.gap_value,
    promises.customer_id
from marts.promises as promises
inner join marts.customers as customers
    on promises.customer_id = customers.customer_id
where
    (
        $figure = 'waiting now' and promises.is_overdue
        or promises.promise_month = cast($month as date)
        and case $figure
            when 'due' then promises.is_due
            when 'kept' then promises.is_kept
            when 're-promised' then promises.is_due and promises.is_repromised
            when 'cancelled' then promises.is_cancelled
            when 'broken' then promises.is_due and not promises.is_kept
            else false
        end
    )
order by promises.gap_value desc, promises.customer_id, promises.order_id, promises.line_number
limit 1000
