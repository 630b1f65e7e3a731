-- One row: how the promises of $month stand, beside the month before and the company's target.
-- What is waiting now is counted over all months: a customer still waits for a promise of long ago.
with by_month as (
    select
        customer_months.month,
        sum(customer_months.due_count) as due_count,
        sum(customer_months.kept_count) as kept_count,
        sum(customer_months.broken_count) as broken_count,
        sum(customer_months.cancelled_count) as cancelled_count,
        sum(customer_months.request_due_count) as request_due_count,
        sum(customer_months.request_kept_count) as request_kept_count,
        sum(customer_months.current_due_count) as current_due_count,
        sum(customer_months.current_kept_count) as current_kept_count,
        sum(customer_months.due_value) as due_value,
        sum(customer_months.kept_value) as kept_value,
        sum(customer_months.gap_value) as gap_value,
        sum(customer_months.order_due_count) as order_due_count,
        sum(customer_months.order_kept_count) as order_kept_count,
        count(*) filter (where customer_months.due_count > 0) as customer_count,
        count(*) filter (where customer_months.broken_count > 0) as let_down_count
    from marts.customer_months as customer_months
    where
        customer_months.month = cast($month as date)
        or customer_months.month = cast(cast($month as date) - interval 1 month as date)
    group by customer_months.month
),

rates_by_month as (
    select
        by_month.*,
        cast(by_month.kept_count as double) / nullif(by_month.due_count, 0) as promise_rate,
        cast(by_month.kept_value as double) / nullif(by_month.due_value, 0) as value_promise_rate,
        cast(by_month.order_kept_count as double) / nullif(by_month.order_due_count, 0) as order_promise_rate,
        cast(by_month.request_kept_count as double) / nullif(by_month.request_due_count, 0) as request_rate,
        cast(by_month.current_kept_count as double) / nullif(by_month.current_due_count, 0) as current_rate
    from by_month
),

waiting_now as (
    select
        sum(customer_months.overdue_count) as overdue_count,
        sum(customer_months.waiting_value) as waiting_value,
        count(distinct customer_months.customer_id) filter (where customer_months.overdue_count > 0) as waiting_customer_count
    from marts.customer_months as customer_months
)

select
    cast($month as date) as month,
    snapshot.as_of_date,
    cast(coalesce(this_month.due_count, 0) as bigint) as due_count,
    cast(coalesce(this_month.kept_count, 0) as bigint) as kept_count,
    cast(coalesce(this_month.broken_count, 0) as bigint) as broken_count,
    cast(coalesce(this_month.cancelled_count, 0) as bigint) as cancelled_count,
    this_month.promise_rate,
    this_month.promise_rate - month_before.promise_rate as promise_rate_change,
    snapshot.promise_target as target_rate,
    this_month.value_promise_rate,
    this_month.order_promise_rate,
    this_month.request_rate,
    this_month.current_rate,
    this_month.current_rate - this_month.promise_rate as repromise_effect_rate,
    (this_month.current_rate - this_month.promise_rate)
    - (month_before.current_rate - month_before.promise_rate) as repromise_effect_rate_change,
    coalesce(this_month.gap_value, 0) as gap_value,
    this_month.gap_value - month_before.gap_value as gap_value_change,
    coalesce(this_month.due_value, 0) as due_value,
    coalesce(this_month.let_down_count, 0) as let_down_count,
    this_month.let_down_count - month_before.let_down_count as let_down_count_change,
    coalesce(this_month.customer_count, 0) as customer_count,
    cast(coalesce(waiting_now.overdue_count, 0) as bigint) as overdue_count,
    coalesce(waiting_now.waiting_value, 0) as waiting_value,
    coalesce(waiting_now.waiting_customer_count, 0) as waiting_customer_count
from snapshot
cross join waiting_now
left join rates_by_month as this_month on this_month.month = cast($month as date)
left join rates_by_month as month_before on month_before.month = cast(cast($month as date) - interval 1 month as date)
