-- One row per order line of $decision: the promise before, the date decided, the date now, and what became of it; the most late first.
select
    followed_lines.customer_id,
    coalesce(customers.customer_name, followed_lines.customer_id) as customer_name,
    followed_lines.order_id,
    followed_lines.line_number,
    followed_lines.promised_before_date,
    followed_lines.decided_promise_date,
    followed_lines.promised_now_date,
    followed_lines.completed_date,
    followed_lines.state,
    followed_lines.is_moved_again,
    followed_lines.moved_again_days,
    followed_lines.imposed_days
from followed_lines
left join marts.customers as customers
    on followed_lines.customer_id = customers.customer_id
where followed_lines.decision_id = $decision
order by followed_lines.imposed_days desc, followed_lines.late_value desc, followed_lines.order_id, followed_lines.line_number
limit 1000
