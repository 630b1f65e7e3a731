-- Names the line of each delivery that brings the order and the product instead, where one line of the order has that product.
update extracts.deliveries as deliveries
set line_number = lines_by_product.line_number
from (
    select
        order_lines.order_id,
        order_lines.product_id,
        min(order_lines.line_number) as line_number
    from extracts.order_lines as order_lines
    group by order_lines.order_id, order_lines.product_id
    having count(*) = 1
) as lines_by_product
where
    deliveries.line_number is null
    and deliveries.order_id = lines_by_product.order_id
    and deliveries.product_id = lines_by_product.product_id
