-- One row per decision that touched $customer, the newest first: what it did to them, what they were told, and what became of it.
with own_lines as (
    select
        followed_lines.decision_id,
        count(*) filter (where followed_lines.state = 'kept') as kept_so_far_count,
        count(*) filter (where followed_lines.state = 'not kept') as not_kept_count,
        count(*) filter (where followed_lines.is_moved_again) as moved_again_count
    from followed_lines
    where followed_lines.customer_id = $customer
    group by followed_lines.decision_id
)

select
    followed_decisions.decision_id,
    followed_decisions.decided_date,
    followed_decisions.work_centre_name,
    followed_decisions.load_month,
    followed_decisions.title,
    followed_decisions.state,
    logged_customers.kept_count as to_keep_count,
    logged_customers.broken_count as to_move_count,
    logged_customers.imposed_days,
    coalesce(own_lines.kept_so_far_count, 0) as kept_so_far_count,
    coalesce(own_lines.not_kept_count, 0) as not_kept_count,
    coalesce(own_lines.moved_again_count, 0) as moved_again_count,
    logged_customers.told
from logged_customers
inner join followed_decisions
    on logged_customers.decision_id = followed_decisions.decision_id
left join own_lines
    on logged_customers.decision_id = own_lines.decision_id
where logged_customers.customer_id = $customer
order by followed_decisions.decision_id desc
