-- One row per month from the first promise to the last: the sums of the ledger over all customers, and how many they were.
-- The company's headline, trend and ladder read these few rows instead of every customer's. A rate is empty where nothing was due.
with sums_by_month as (
    select
        customer_months.month,
        count(*) filter (where customer_months.due_count > 0) as customer_count,
        count(*) filter (where customer_months.broken_count > 0) as let_down_count,
        cast(sum(customer_months.line_count) as bigint) as line_count,
        cast(sum(customer_months.cancelled_count) as bigint) as cancelled_count,
        cast(sum(customer_months.due_count) as bigint) as due_count,
        cast(sum(customer_months.kept_count) as bigint) as kept_count,
        cast(sum(customer_months.strictly_kept_count) as bigint) as strictly_kept_count,
        cast(sum(customer_months.request_due_count) as bigint) as request_due_count,
        cast(sum(customer_months.request_kept_count) as bigint) as request_kept_count,
        cast(sum(customer_months.request_strictly_kept_count) as bigint) as request_strictly_kept_count,
        cast(sum(customer_months.current_due_count) as bigint) as current_due_count,
        cast(sum(customer_months.current_kept_count) as bigint) as current_kept_count,
        cast(sum(customer_months.overdue_count) as bigint) as overdue_count,
        cast(sum(customer_months.repromised_count) as bigint) as repromised_count,
        cast(sum(customer_months.broken_count) as bigint) as broken_count,
        cast(sum(customer_months.ordered_value) as decimal(38, 2)) as ordered_value,
        cast(sum(customer_months.due_value) as decimal(38, 2)) as due_value,
        cast(sum(customer_months.kept_value) as decimal(38, 2)) as kept_value,
        cast(sum(customer_months.request_due_value) as decimal(38, 2)) as request_due_value,
        cast(sum(customer_months.request_kept_value) as decimal(38, 2)) as request_kept_value,
        cast(sum(customer_months.current_due_value) as decimal(38, 2)) as current_due_value,
        cast(sum(customer_months.current_kept_value) as decimal(38, 2)) as current_kept_value,
        cast(sum(customer_months.gap_value) as decimal(38, 2)) as gap_value,
        cast(sum(customer_months.open_value) as decimal(38, 2)) as open_value,
        cast(sum(customer_months.waiting_value) as decimal(38, 2)) as waiting_value,
        cast(sum(customer_months.late_days) as bigint) as late_days,
        cast(sum(customer_months.asked_gap_days) as bigint) as asked_gap_days,
        cast(sum(customer_months.offered_days) as bigint) as offered_days,
        cast(sum(customer_months.moved_by_us_days) as bigint) as moved_by_us_days,
        cast(sum(customer_months.moved_by_customer_days) as bigint) as moved_by_customer_days,
        cast(sum(customer_months.missed_days) as bigint) as missed_days,
        cast(sum(customer_months.wait_days) as bigint) as wait_days,
        cast(sum(customer_months.order_due_count) as bigint) as order_due_count,
        cast(sum(customer_months.order_kept_count) as bigint) as order_kept_count,
        cast(sum(customer_months.order_request_due_count) as bigint) as order_request_due_count,
        cast(sum(customer_months.order_request_kept_count) as bigint) as order_request_kept_count,
        cast(sum(customer_months.order_cancelled_due_count) as bigint) as order_cancelled_due_count,
        cast(sum(customer_months.order_cancelled_kept_count) as bigint) as order_cancelled_kept_count
    from marts.customer_months as customer_months
    group by customer_months.month
)

select
    sums_by_month.*,
    cast(sums_by_month.kept_count as double) / nullif(sums_by_month.due_count, 0) as promise_rate,
    cast(sums_by_month.kept_value as double) / nullif(cast(sums_by_month.due_value as double), 0) as value_promise_rate,
    cast(sums_by_month.order_kept_count as double) / nullif(sums_by_month.order_due_count, 0) as order_promise_rate,
    cast(sums_by_month.request_kept_count as double) / nullif(sums_by_month.request_due_count, 0) as request_rate,
    cast(sums_by_month.current_kept_count as double) / nullif(sums_by_month.current_due_count, 0) as current_rate
from sums_by_month
order by sums_by_month.month
