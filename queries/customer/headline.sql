-- One row: who $customer is and how our promises to them stand, for the months from $first_month to $last_month.
-- Their own measurement stands beside ours where they have one; what waits now is counted over all months.
with sums as (
    select
        sum(customer_months.line_count) as line_count,
        sum(customer_months.cancelled_count) as cancelled_count,
        sum(customer_months.due_count) as due_count,
        sum(customer_months.kept_count) as kept_count,
        sum(customer_months.broken_count) as broken_count,
        sum(customer_months.request_due_count) as request_due_count,
        sum(customer_months.request_kept_count) as request_kept_count,
        sum(customer_months.current_due_count) as current_due_count,
        sum(customer_months.current_kept_count) as current_kept_count,
        sum(customer_months.order_due_count) as order_due_count,
        sum(customer_months.order_kept_count) as order_kept_count,
        sum(customer_months.due_value) as due_value,
        sum(customer_months.kept_value) as kept_value,
        sum(customer_months.gap_value) as gap_value,
        sum(customer_months.late_days) as late_days,
        sum(customer_months.repromised_count) as repromised_count
    from marts.customer_months as customer_months
    where
        customer_months.customer_id = $customer
        and customer_months.month >= coalesce(cast($first_month as date), customer_months.month)
        and customer_months.month <= coalesce(cast($last_month as date), customer_months.month)
),

waiting_now as (
    select
        sum(customer_months.overdue_count) as overdue_count,
        sum(customer_months.waiting_value) as waiting_value,
        sum(customer_months.open_value) as open_value
    from marts.customer_months as customer_months
    where customer_months.customer_id = $customer
),

own_measure as (
    select
        sum(own_months.own_due_count) as own_due_count,
        sum(own_months.own_kept_count) as own_kept_count
    from marts.own_months as own_months
    where
        own_months.customer_id = $customer
        and own_months.month >= coalesce(cast($first_month as date), own_months.month)
        and own_months.month <= coalesce(cast($last_month as date), own_months.month)
)

select
    customers.customer_id,
    customers.customer_name,
    customers.tier,
    customers.segment,
    customers.region,
    customers.account_manager,
    customers.target_rate,
    customers.has_own_measure,
    customers.measured_on,
    customers.measured_by,
    case when customers.early_days < 36500 then customers.early_days end as early_days,
    customers.late_days as allowed_late_days,
    customers.tolerance_rate,
    cast(coalesce(sums.line_count, 0) as bigint) as line_count,
    cast(coalesce(sums.cancelled_count, 0) as bigint) as cancelled_count,
    cast(coalesce(sums.due_count, 0) as bigint) as due_count,
    cast(coalesce(sums.kept_count, 0) as bigint) as kept_count,
    cast(coalesce(sums.broken_count, 0) as bigint) as broken_count,
    cast(coalesce(sums.repromised_count, 0) as bigint) as repromised_count,
    cast(sums.kept_count as double) / nullif(sums.due_count, 0) as promise_rate,
    cast(sums.kept_value as double) / nullif(sums.due_value, 0) as value_promise_rate,
    cast(sums.order_kept_count as double) / nullif(sums.order_due_count, 0) as order_promise_rate,
    cast(sums.request_kept_count as double) / nullif(sums.request_due_count, 0) as request_rate,
    cast(sums.current_kept_count as double) / nullif(sums.current_due_count, 0) as current_rate,
    cast(sums.current_kept_count as double) / nullif(sums.current_due_count, 0)
    - cast(sums.kept_count as double) / nullif(sums.due_count, 0) as repromise_effect_rate,
    cast(own_measure.own_kept_count as double) / nullif(own_measure.own_due_count, 0) as own_rate,
    cast(coalesce(own_measure.own_due_count, 0) as bigint) as own_due_count,
    cast(coalesce(own_measure.own_kept_count, 0) as bigint) as own_kept_count,
    coalesce(sums.gap_value, 0) as gap_value,
    coalesce(sums.due_value, 0) as due_value,
    cast(sums.late_days as double) / nullif(sums.broken_count, 0) as mean_late_days,
    cast(coalesce(waiting_now.overdue_count, 0) as bigint) as overdue_count,
    coalesce(waiting_now.waiting_value, 0) as waiting_value,
    coalesce(waiting_now.open_value, 0) as open_value
from marts.customers as customers
cross join sums
cross join waiting_now
cross join own_measure
where customers.customer_id = $customer
