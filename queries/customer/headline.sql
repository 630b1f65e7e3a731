-- One row: who $customer is and how our promises to them stand, for the months from $first_month to $last_month.
-- Their own measurement stands beside ours where they have one; what waits now is counted over all months.
with sums as (
    select
        cast(sum(customer_months.due_count) as bigint) as due_count,
        cast(sum(customer_months.kept_count) as bigint) as kept_count,
        sum(customer_months.gap_value) as gap_value,
        cast(sum(customer_months.kept_count) as double) / nullif(sum(customer_months.due_count), 0) as promise_rate,
        cast(sum(customer_months.request_kept_count) as double)
        / nullif(sum(customer_months.request_due_count), 0) as request_rate,
        cast(sum(customer_months.current_kept_count) as double)
        / nullif(sum(customer_months.current_due_count), 0) as current_rate
    from marts.customer_months as customer_months
    where
        customer_months.customer_id = $customer
        and customer_months.month >= coalesce(cast($first_month as date), customer_months.month)
        and customer_months.month <= coalesce(cast($last_month as date), customer_months.month)
),

own_measure as (
    select
        cast(coalesce(sum(own_months.own_due_count), 0) as bigint) as own_due_count,
        cast(coalesce(sum(own_months.own_kept_count), 0) as bigint) as own_kept_count
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
    sums.due_count,
    sums.kept_count,
    sums.promise_rate,
    sums.request_rate,
    sums.current_rate,
    sums.gap_value,
    own_measure.own_due_count,
    own_measure.own_kept_count,
    cast(own_measure.own_kept_count as double) / nullif(own_measure.own_due_count, 0) as own_rate,
    customer_totals.overdue_count,
    customer_totals.waiting_value
from marts.customers as customers
cross join sums
left join marts.customer_totals as customer_totals
    on customers.customer_id = customer_totals.customer_id
cross join own_measure
where customers.customer_id = $customer
