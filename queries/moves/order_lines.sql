-- One row per order line that came, went or changed ($kind: new, cancelled, gone and so on), the largest value first; $most of them.
select
    order_line_moves.kind,
    customers.customer_name,
    order_line_moves.order_id,
    order_line_moves.line_number,
    order_line_moves.product_id,
    order_line_moves.promised_date,
    order_line_moves.before_quantity,
    order_line_moves.after_quantity,
    order_line_moves.concerned_value,
    order_line_moves.change_value,
    order_line_moves.customer_id
from compared.order_line_moves as order_line_moves
left join compared.customers as customers
    on order_line_moves.customer_id = customers.customer_id
where order_line_moves.kind = coalesce($kind, order_line_moves.kind)
order by order_line_moves.concerned_value desc, order_line_moves.order_id, order_line_moves.line_number
limit $most
