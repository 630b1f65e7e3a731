-- One row per order line of $decision: the promise before and the date decided, to be corrected; the most late first. At most a thousand.
select
    coalesce(customers.customer_name, followed_lines.customer_id) as customer_name,
    followed_lines.order_id,
    followed_lines.line_number,
    followed_lines.promised_before_date,
    followed_lines.decided_promise_date,
    coalesce(followed_lines.open_value, 0) as open_value
from followed_lines
left join marts.customers as customers
    on followed_lines.customer_id = customers.customer_id
where followed_lines.decision_id = $decision
order by followed_lines.imposed_days desc, followed_lines.late_value desc, followed_lines.order_id, followed_lines.line_number
limit 1000
