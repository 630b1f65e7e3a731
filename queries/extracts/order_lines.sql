-- One row per order line: what a customer ordered, the date they asked for and the dates we promised.
-- Without a line number, order and product together name the line.
create table extracts.order_lines (
    order_id varchar not null,
    line_number varchar,
    customer_id varchar not null,
    product_id varchar not null,
    quantity decimal(18, 3) not null,
    promised_date date not null,
    unit_price decimal(18, 4),
    currency varchar,
    order_date date,
    requested_date date,
    first_promised_date date,
    promise_moved_by varchar,
    status varchar,
    opportunity_id varchar,
    unique (order_id, line_number)
);

comment on column extracts.order_lines.order_id is 'the order''s number, as text';
comment on column extracts.order_lines.line_number is 'the line within the order, as text; the product where it is absent';
comment on column extracts.order_lines.customer_id is 'who ordered';
comment on column extracts.order_lines.product_id is 'what they ordered';
comment on column extracts.order_lines.quantity is 'units ordered';
comment on column extracts.order_lines.promised_date is 'the date we commit to now';
comment on column extracts.order_lines.unit_price is 'price of one unit, in company currency';
comment on column extracts.order_lines.currency is 'the currency of the price; the company''s where it is absent';
comment on column extracts.order_lines.order_date is 'when the order came in';
comment on column extracts.order_lines.requested_date is 'the date the customer asked for';
comment on column extracts.order_lines.first_promised_date is 'the date we first committed to; the promised date where it is absent';
comment on column extracts.order_lines.promise_moved_by is 'who moved the promise last: us or customer; us where it is absent';
comment on column extracts.order_lines.status is 'open, closed or cancelled; open where it is absent';
comment on column extracts.order_lines.opportunity_id is 'the opportunity that became this line';
