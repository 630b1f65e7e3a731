-- One row per customer with order lines: target, promise rate, trend, gap, what waits now and how much a re-promise hides.
-- For the months from $first_month to $last_month; the trend has the twelve months up to $last_month.
-- $tier, $region, $account_manager and $product_family narrow it; the largest gap comes first.
with months_chosen as (
    select
        customer_months.customer_id,
        customer_months.month,
        customer_months.line_count,
        customer_months.due_count,
        customer_months.kept_count,
        customer_months.broken_count,
        customer_months.current_due_count,
        customer_months.current_kept_count,
        customer_months.request_due_count,
        customer_months.request_kept_count,
        customer_months.overdue_count,
        customer_months.due_value,
        customer_months.gap_value,
        customer_months.waiting_value
    from marts.customer_months as customer_months
    where $product_family is null
    union all
    select
        family_months.customer_id,
        family_months.month,
        family_months.line_count,
        family_months.due_count,
        family_months.kept_count,
        family_months.broken_count,
        family_months.current_due_count,
        family_months.current_kept_count,
        family_months.request_due_count,
        family_months.request_kept_count,
        family_months.overdue_count,
        family_months.due_value,
        family_months.gap_value,
        family_months.waiting_value
    from marts.family_months as family_months
    where family_months.product_family = $product_family
),

within_the_months as (
    select
        months_chosen.*,
        months_chosen.month between coalesce(cast($first_month as date), months_chosen.month)
        and coalesce(cast($last_month as date), months_chosen.month) as is_within,
        months_chosen.month <= coalesce(cast($last_month as date), snapshot.as_of_date)
        and months_chosen.month > cast(
            coalesce(cast($last_month as date), cast(date_trunc('month', snapshot.as_of_date) as date)) - interval 12 month
            as date
        ) as is_trend
    from months_chosen
    cross join snapshot
),

sums_by_customer as (
    select
        customer_id,
        cast(coalesce(sum(due_count) filter (where is_within), 0) as bigint) as due_count,
        cast(coalesce(sum(kept_count) filter (where is_within), 0) as bigint) as kept_count,
        cast(coalesce(sum(broken_count) filter (where is_within), 0) as bigint) as broken_count,
        sum(current_due_count) filter (where is_within) as current_due_count,
        sum(current_kept_count) filter (where is_within) as current_kept_count,
        sum(request_due_count) filter (where is_within) as request_due_count,
        sum(request_kept_count) filter (where is_within) as request_kept_count,
        coalesce(sum(gap_value) filter (where is_within), 0) as gap_value,
        cast(sum(overdue_count) as bigint) as overdue_count,
        coalesce(sum(waiting_value), 0) as waiting_value,
        list(round(100.0 * kept_count / due_count, 1) order by month) filter (where is_trend and due_count > 0) as trend
    from within_the_months
    group by customer_id
)

select
    customers.customer_name,
    customers.tier,
    customers.region,
    customers.account_manager,
    customers.target_rate,
    cast(sums_by_customer.kept_count as double) / nullif(sums_by_customer.due_count, 0) as promise_rate,
    sums_by_customer.trend,
    sums_by_customer.gap_value,
    sums_by_customer.waiting_value,
    cast(sums_by_customer.current_kept_count as double) / nullif(sums_by_customer.current_due_count, 0)
    - cast(sums_by_customer.kept_count as double) / nullif(sums_by_customer.due_count, 0) as repromise_effect_rate,
    sums_by_customer.due_count,
    sums_by_customer.broken_count,
    sums_by_customer.overdue_count,
    customers.customer_id,
    sums_by_customer.kept_count,
    cast(sums_by_customer.kept_count as double) / nullif(sums_by_customer.due_count, 0)
    - customers.target_rate as against_target_rate,
    cast(sums_by_customer.request_kept_count as double) / nullif(sums_by_customer.request_due_count, 0) as request_rate
from sums_by_customer
inner join marts.customers as customers
    on sums_by_customer.customer_id = customers.customer_id
where
    coalesce(customers.tier, '') = coalesce($tier, customers.tier, '')
    and coalesce(customers.region, '') = coalesce($region, customers.region, '')
    and coalesce(customers.account_manager, '') = coalesce($account_manager, customers.account_manager, '')
order by sums_by_customer.gap_value desc, sums_by_customer.waiting_value desc, customers.customer_id
