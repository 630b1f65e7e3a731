-- Promise rate by value: the promise rate with each line weighted by its value.
-- Formula: value of kept lines ÷ value of due lines.
select
    cast(sum(case when promises.is_kept then promises.ordered_value else 0 end) as double)
    / nullif(cast(sum(case when promises.is_due then promises.ordered_value else 0 end) as double), 0) as value_promise_rate
from marts.promises as promises
