-- One row per order line of $month that was not kept, as $broken_by has it: a rung of the ladder, or a cause of promises broken to
-- first promise (the cause that leads, or 'evidence: ' before it for all lines with that evidence). The same rule as what is counted.
-- Of whole orders, the lines that made them miss, whatever their month. At most a thousand, the largest gap first.
with lines_of_promises as (
    select promises.rowid as row_id
    from marts.promises as promises
    where
        promises.promise_month = cast($month as date)
        and case $broken_by
            when 'to current promise' then promises.is_due_to_current and not promises.is_kept_to_current
            when 'to first promise' then promises.is_due and not promises.is_kept
            when 'to first promise, no tolerance' then promises.is_due and not promises.is_kept_strictly
            when 'to request, no tolerance'
                then promises.is_due_to_request and not promises.is_kept_to_request_strictly
            else false
        end
),

orders_missed as (
    select
        orders.customer_id,
        orders.order_id
    from marts.orders as orders
    where
        orders.promise_month = cast($month as date)
        and case $broken_by
            when 'whole orders to request' then orders.is_due_to_request and not orders.is_kept_to_request_strictly
            when 'whole orders, cancelled missed' then orders.is_due_with_cancelled and not orders.is_kept_with_cancelled
            else false
        end
),

lines_of_orders as (
    select promises.rowid as row_id
    from marts.promises as promises
    inner join orders_missed
        on
            promises.customer_id = orders_missed.customer_id
            and promises.order_id = orders_missed.order_id
    where
        (promises.is_due_to_request and not promises.is_kept_to_request_strictly)
        or ($broken_by = 'whole orders, cancelled missed' and promises.is_cancelled_past_promise)
),

broken_by_cause as (
    select
        causes.customer_id,
        causes.order_id,
        causes.line_number
    from marts.causes as causes
    where
        causes.promise_month = cast($month as date)
        and case $broken_by
            when 'evidence: promised inside lead time' then causes.is_inside_lead_time
            when 'evidence: not seen coming' then causes.is_not_seen_coming
            when 'evidence: no room in the plan' then causes.is_without_room
            when 'evidence: reason given' then causes.is_reason_given
            else coalesce(causes.cause = $broken_by, false)
        end
),

lines_of_causes as (
    select promises.rowid as row_id
    from marts.promises as promises
    inner join broken_by_cause
        on
            promises.customer_id = broken_by_cause.customer_id
            and promises.order_id = broken_by_cause.order_id
            and promises.line_number = broken_by_cause.line_number
    where promises.promise_month = cast($month as date)
),

lines_not_kept as (
    select lines_of_promises.row_id
    from lines_of_promises
    union all
    select lines_of_orders.row_id
    from lines_of_orders
    union all
    select lines_of_causes.row_id
    from lines_of_causes
),

lines_chosen as (
    select promises.rowid as row_id
    from marts.promises as promises
    where promises.rowid in (select lines_not_kept.row_id from lines_not_kept)
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
