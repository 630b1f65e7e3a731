-- One row per decision that touches one of one's own customers: when, by whom and about which hours.
-- What is written in words, and the options as they stood, may name anybody and are left out.
select
    logged_decisions.* replace (
        '[]' as options,
        'About the hours of several customers' as title,
        '' as reason,
        '' as assumed,
        '' as wrong_if
    )
from logged_decisions
where
    logged_decisions.id in (
        select logged_customers.decision_id
        from logged_customers
        where logged_customers.customer_id in (select own_customers.customer_id from limits.own_customers as own_customers)
    )
