-- One row per delivery of an order line: what left or arrived, when, and why it was late if somebody said so.
-- Without a line number, order and product name the line; an order with one line needs neither.
create table extracts.deliveries (
    delivery_id varchar,
    order_id varchar not null,
    line_number varchar,
    product_id varchar,
    delivered_date date,
    shipped_date date,
    quantity decimal(18, 3) not null,
    reason varchar
);

comment on column extracts.deliveries.delivery_id is 'the delivery note''s number, as text';
comment on column extracts.deliveries.order_id is 'the order it belongs to';
comment on column extracts.deliveries.line_number is 'the line of the order';
comment on column extracts.deliveries.product_id is 'the product, which names the line where there is no line number';
comment on column extracts.deliveries.delivered_date is 'the day it arrived at the customer; the shipment stands in where it is absent';
comment on column extracts.deliveries.shipped_date is 'the day it left us';
comment on column extracts.deliveries.quantity is 'units delivered';
comment on column extracts.deliveries.reason is 'why it was late, in the words of the ERP';
