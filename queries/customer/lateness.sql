-- One row per due order line of $customer promised from $first_month to $last_month: how many days after the first
-- promise it was complete, negative when early; a line still waiting stands at the day the extracts speak for.
-- At most two thousand, the largest value first.
select
    promises.order_id,
    promises.line_number,
    promises.first_promised_date,
    date_diff('day', promises.first_promised_date, promises.ended_date) as after_promise_days,
    promises.ordered_value,
    case
        when promises.is_overdue then 'waiting'
        when promises.is_kept then 'kept'
        else 'late'
    end as outcome
from marts.promises as promises
where
    promises.customer_id = $customer
    and promises.is_due
    and promises.promise_month >= coalesce(cast($first_month as date), promises.promise_month)
    and promises.promise_month <= coalesce(cast($last_month as date), promises.promise_month)
order by promises.ordered_value desc
limit 2000
