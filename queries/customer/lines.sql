-- One row per order line of $customer promised from $first_month to $last_month: the three dates and what became of them.
-- $figure narrows it: due, kept, broken, waiting now, re-promised, cancelled, or to the lines that one part of the wait adds up (offered,
-- moved by us, moved by customer, missed, wait). At most a thousand, the newest promise first.
select
    promises.order_id,
    promises.line_number,
    coalesce(products.product_name, promises.product_id) as product_name,
    promises.product_family,
    promises.order_date,
    promises.requested_date,
    promises.first_promised_date,
    promises.promised_date,
    promises.completed_date,
    promises.ended_by,
    promises.late_days,
    promises.move_count,
    promises.offered_days,
    promises.moved_by_us_days,
    promises.moved_by_customer_days,
    promises.missed_days,
    promises.wait_days,
    promises.ordered_quantity,
    promises.delivered_quantity,
    promises.ordered_value,
    promises.gap_value
from marts.promises as promises
left join extracts.products as products
    on promises.product_id = products.product_id
where
    promises.customer_id = $customer
    and (
        $figure = 'waiting now'
        or promises.promise_month between coalesce(cast($first_month as date), promises.promise_month)
        and coalesce(cast($last_month as date), promises.promise_month)
    )
    and case coalesce($figure, 'all')
        when 'due' then promises.is_due
        when 'kept' then promises.is_kept
        when 'broken' then promises.is_due and not promises.is_kept
        when 'waiting now' then promises.is_overdue
        when 're-promised' then promises.is_repromised
        when 'cancelled' then promises.is_cancelled
        when 'offered' then promises.offered_days <> 0
        when 'moved by us' then promises.moved_by_us_days <> 0
        when 'moved by customer' then promises.moved_by_customer_days <> 0
        when 'missed' then promises.missed_days <> 0
        when 'wait' then promises.wait_days <> 0
        else true
    end
order by promises.first_promised_date desc, promises.order_id, promises.line_number
limit 1000
