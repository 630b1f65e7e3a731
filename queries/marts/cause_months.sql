-- One row per month of promise, customer, product family and leading cause of a broken promise: how many, how much, and all evidence.
select
    causes.promise_month as month,
    causes.customer_id,
    causes.product_family,
    causes.cause,
    causes.waiting_on,
    count(*) as broken_count,
    count(*) filter (where causes.is_inside_lead_time) as inside_lead_time_count,
    count(*) filter (where causes.is_not_seen_coming) as not_seen_coming_count,
    count(*) filter (where causes.is_without_room) as without_room_count,
    count(*) filter (where causes.is_reason_given) as reason_given_count,
    count(*) filter (where causes.is_hot) as hot_count,
    cast(sum(causes.gap_value) as decimal(38, 2)) as gap_value
from marts.causes as causes
group by causes.promise_month, causes.customer_id, causes.product_family, causes.cause, causes.waiting_on
order by causes.promise_month, causes.customer_id
