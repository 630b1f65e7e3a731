-- One row per customer with order lines: target, promise rate, trend, gap, what waits now and how much a re-promise hides.
-- For the months from $first_month to $last_month; the trend has the last twelve months with something due.
-- $tier, $region, $account_manager and $product_family narrow it; the largest gap comes first.
with months_chosen as (
    select
        scoreboard_months.*,
        scoreboard_months.month >= coalesce(cast($first_month as date), scoreboard_months.month)
        and scoreboard_months.month <= coalesce(cast($last_month as date), scoreboard_months.month) as is_within
    from marts.scoreboard_months as scoreboard_months
    where scoreboard_months.product_family is not distinct from $product_family
),

sums_by_customer as (
    select
        months_chosen.customer_id,
        sum(case when months_chosen.is_within then months_chosen.due_count end) as due_count,
        sum(case when months_chosen.is_within then months_chosen.kept_count end) as kept_count,
        sum(case when months_chosen.is_within then months_chosen.current_due_count end) as current_due_count,
        sum(case when months_chosen.is_within then months_chosen.current_kept_count end) as current_kept_count,
        sum(case when months_chosen.is_within then months_chosen.gap_value end) as gap_value,
        sum(months_chosen.overdue_count) as overdue_count,
        sum(months_chosen.waiting_value) as waiting_value,
        list(months_chosen.kept_per_cent order by months_chosen.month) filter (
            where
            months_chosen.due_count > 0
            and months_chosen.month <= coalesce(cast($last_month as date), months_chosen.month)
        ) as trend
    from months_chosen
    group by months_chosen.customer_id
)

select
    customers.customer_name,
    customers.tier,
    customers.region,
    customers.account_manager,
    customers.target_rate,
    cast(sums_by_customer.kept_count as double) / nullif(sums_by_customer.due_count, 0) as promise_rate,
    sums_by_customer.trend[-12:] as trend,
    coalesce(sums_by_customer.gap_value, 0) as gap_value,
    sums_by_customer.waiting_value,
    cast(sums_by_customer.current_kept_count as double) / nullif(sums_by_customer.current_due_count, 0)
    - cast(sums_by_customer.kept_count as double) / nullif(sums_by_customer.due_count, 0) as repromise_effect_rate,
    cast(coalesce(sums_by_customer.due_count, 0) as bigint) as due_count,
    cast(coalesce(sums_by_customer.due_count - sums_by_customer.kept_count, 0) as bigint) as broken_count,
    cast(sums_by_customer.overdue_count as bigint) as overdue_count,
    customers.customer_id
from sums_by_customer
inner join marts.customers as customers
    on sums_by_customer.customer_id = customers.customer_id
where
    coalesce(customers.tier, '') = coalesce($tier, customers.tier, '')
    and coalesce(customers.region, '') = coalesce($region, customers.region, '')
    and coalesce(customers.account_manager, '') = coalesce($account_manager, customers.account_manager, '')
order by gap_value desc, sums_by_customer.waiting_value desc, customers.customer_id
