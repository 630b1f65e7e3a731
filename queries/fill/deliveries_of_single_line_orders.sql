-- Names the line of each delivery that brings only the order's number, where that order has one line.
update extracts.deliveries as deliveries
set line_number = single_line_orders.line_number
from (
    select
        order_lines.order_id,
        min(order_lines.line_number) as line_number
    from extracts.order_lines as order_lines
    -- Only the orders in question, since grouping millions of lines for nothing takes seconds.
    where
        order_lines.order_id in (
            select unnamed.order_id
            from extracts.deliveries as unnamed
            where unnamed.line_number is null
        )
    group by order_lines.order_id
    having count(*) = 1
) as single_line_orders
where
    deliveries.line_number is null
    and deliveries.product_id is null
    and deliveries.order_id = single_line_orders.order_id
