-- One row: where the wait of $customer came from, in days over all lines promised from $first_month to $last_month.
-- wait = offered + moved by us + moved by the customer + missed, exactly. A line still open ends at the day the extracts
-- speak for when it is overdue, at its promise when it is not; how many of each is counted beside.
select
    cast(coalesce(sum(customer_months.line_count - customer_months.cancelled_count), 0) as bigint) as line_count,
    cast(coalesce(sum(customer_months.unasked_count), 0) as bigint) as unasked_count,
    cast(coalesce(sum(customer_months.overdue_count), 0) as bigint) as waiting_count,
    cast(coalesce(sum(customer_months.not_ended_count), 0) as bigint) as promised_count,
    cast(coalesce(sum(customer_months.offered_days), 0) as bigint) as offered_days,
    cast(coalesce(sum(customer_months.moved_by_us_days), 0) as bigint) as moved_by_us_days,
    cast(coalesce(sum(customer_months.moved_by_customer_days), 0) as bigint) as moved_by_customer_days,
    cast(coalesce(sum(customer_months.missed_days), 0) as bigint) as missed_days,
    cast(coalesce(sum(customer_months.wait_days), 0) as bigint) as wait_days
from marts.customer_months as customer_months
where
    customer_months.customer_id = $customer
    and customer_months.month >= coalesce(cast($first_month as date), customer_months.month)
    and customer_months.month <= coalesce(cast($last_month as date), customer_months.month)
