-- One row per customer that decisions in force touched: how often they were let down, how many days were imposed on them in all, and
-- what became of the promises. The most days first. At most a thousand.
with lines_by_customer as (
    select
        followed_lines.customer_id,
        count(*) filter (where followed_lines.state = 'kept') as kept_so_far_count,
        count(*) filter (where followed_lines.state = 'not kept') as not_kept_count,
        count(*) filter (where followed_lines.is_moved_again) as moved_again_count
    from followed_lines
    group by followed_lines.customer_id
),

decisions_by_customer as (
    select
        logged_customers.customer_id,
        max(logged_customers.customer_name) as customer_name,
        count(*) as decision_count,
        count(*) filter (where logged_customers.broken_count > 0) as let_down_count,
        cast(sum(logged_customers.imposed_days) as bigint) as imposed_days,
        max(followed_decisions.decided_date) as last_decided_date
    from logged_customers
    inner join followed_decisions
        on logged_customers.decision_id = followed_decisions.decision_id
    where followed_decisions.state <> 'corrected'
    group by logged_customers.customer_id
)

select
    decisions_by_customer.customer_id,
    decisions_by_customer.customer_name,
    decisions_by_customer.decision_count,
    decisions_by_customer.let_down_count,
    decisions_by_customer.imposed_days,
    coalesce(lines_by_customer.kept_so_far_count, 0) as kept_so_far_count,
    coalesce(lines_by_customer.not_kept_count, 0) as not_kept_count,
    coalesce(lines_by_customer.moved_again_count, 0) as moved_again_count,
    decisions_by_customer.last_decided_date
from decisions_by_customer
left join lines_by_customer
    on decisions_by_customer.customer_id = lines_by_customer.customer_id
order by decisions_by_customer.imposed_days desc, decisions_by_customer.let_down_count desc, decisions_by_customer.customer_id
limit 1000
