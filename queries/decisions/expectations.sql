-- One row per expectation of $decision: what was expected of whom by when, what is seen, and whether it was kept.
select
    followed_expectations.measure,
    coalesce(logged_customers.customer_name, 'all of them') as customer_name,
    followed_expectations.expected,
    followed_expectations.due_date,
    followed_expectations.seen,
    followed_expectations.seen_date,
    followed_expectations.state
from followed_expectations
left join logged_customers
    on
        followed_expectations.decision_id = logged_customers.decision_id
        and followed_expectations.customer_id = logged_customers.customer_id
where followed_expectations.decision_id = $decision
order by followed_expectations.due_date, followed_expectations.expectation_id
