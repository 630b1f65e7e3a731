-- Promise rate by orders: the share of orders kept as a whole, since customers care about complete orders (SCOR
-- RL.2.1).
-- Formula: orders of which every due line was kept ÷ orders with a due line.
select
    cast(count(*) filter (where orders.is_kept) as double)
    / nullif(count(*) filter (where orders.is_due), 0) as order_promise_rate
from marts.orders as orders
