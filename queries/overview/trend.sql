-- One row per month up to $month with something due: the three rates side by side, by order lines.
-- To request is the customer's story, to first promise our word, to current promise the flattering one.
select
    customer_months.month,
    cast(sum(customer_months.due_count) as bigint) as due_count,
    cast(sum(customer_months.kept_count) as bigint) as kept_count,
    cast(sum(customer_months.kept_count) as double) / nullif(sum(customer_months.due_count), 0) as promise_rate,
    cast(sum(customer_months.request_kept_count) as double)
    / nullif(sum(customer_months.request_due_count), 0) as request_rate,
    cast(sum(customer_months.current_kept_count) as double)
    / nullif(sum(customer_months.current_due_count), 0) as current_rate,
    cast(sum(customer_months.gap_value) as double) as gap_value,
    cast(sum(customer_months.broken_count) as bigint) as broken_count,
    count(*) filter (where customer_months.broken_count > 0) as let_down_count,
    max(snapshot.promise_target) as target_rate
from marts.customer_months as customer_months
cross join snapshot
where customer_months.month <= cast($month as date)
group by customer_months.month
having sum(customer_months.due_count) > 0
order by customer_months.month
