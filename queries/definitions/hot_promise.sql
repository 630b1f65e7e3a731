-- Hot promise: a promise made onto a month that was full when it was made: orders taken on earlier days had used up a work centre on the
-- product's routing. Its share is of all lines promised, cancelled ones left out.
-- Formula: order date > first day on which the hours promised for the month reached the hours available.
select
    (select count(*) from marts.hot_promises) as hot_count,
    cast((select count(*) from marts.hot_promises) as double)
    / nullif(count(*) filter (where not promises.is_cancelled), 0) as hot_rate
from marts.promises as promises
