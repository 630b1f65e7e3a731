-- One row per promise that moved and who moved it ($kind: by us, by the customer), the furthest first; $most of them.
select
    promise_moves.kind as moved_by,
    customers.customer_name,
    promise_moves.order_id,
    promise_moves.line_number,
    promise_moves.product_id,
    promise_moves.before_date,
    promise_moves.after_date,
    promise_moves.moved_days,
    promise_moves.concerned_value,
    promise_moves.customer_id
from compared.promise_moves as promise_moves
left join compared.customers as customers
    on promise_moves.customer_id = customers.customer_id
where promise_moves.kind = coalesce($kind, promise_moves.kind)
order by promise_moves.moved_days desc, promise_moves.concerned_value desc, promise_moves.order_id, promise_moves.line_number
limit $most
