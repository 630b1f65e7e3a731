-- One row per order line behind a figure of $month: $figure is due, kept, broken, re-promised, cancelled or waiting now.
-- Which lines is decided on a few columns, and only those are then read in full. At most a thousand, the largest gap
-- first; waiting now looks at all months.
with lines_chosen as (
    select promises.rowid as row_id
    from marts.promises as promises
    where
        case $figure
            when 'waiting now' then promises.is_overdue
            when 'due' then promises.is_due and promises.promise_month = cast($month as date)
            when 'kept' then promises.is_kept and promises.promise_month = cast($month as date)
            when 're-promised'
                then promises.is_due and promises.is_repromised and promises.promise_month = cast($month as date)
            when 'cancelled' then promises.is_cancelled and promises.promise_month = cast($month as date)
            when 'broken'
                then promises.is_due and not promises.is_kept and promises.promise_month = cast($month as date)
            else false
        end
    order by promises.gap_value desc, promises.rowid
    limit 1000
)

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
where promises.rowid in (select lines_chosen.row_id from lines_chosen)
order by promises.gap_value desc, promises.customer_id, promises.order_id, promises.line_number
