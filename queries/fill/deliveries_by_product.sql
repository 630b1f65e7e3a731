-- Names the line of each delivery that brings the order and the product instead, where one line of the order has that product.
update extracts.deliveries as deliveries
set line_number = lines_by_product.line_number
from (
    select
        order_lines.order_id,
        order_lines.product_id,
        min(order_lines.line_number) as line_number
    from extracts.order_lines as order_lines
    -- Only the orders in question, since grouping millions of lines for nothing takes seconds.
    where
        order_lines.order_id in (
            select unnamed.order_id
            from extracts.deliveries as unnamed
            where unnamed.line_number is null
        )
    group by order_lines.order_id, order_lines.product_id
    having count(*) = 1
) as lines_by_product
where
    deliveries.line_number is null
    and deliveries.order_id = lines_by_product.order_id
    and deliveries.product_id = lines_by_product.product_id
