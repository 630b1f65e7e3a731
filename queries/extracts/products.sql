-- One row per product: what it is, what it costs and how long it takes.
create table extracts.products (
    product_id varchar primary key,
    product_name varchar,
    product_family varchar,
    unit_cost decimal(18, 4),
    lead_time_days integer
);

comment on column extracts.products.product_id is 'the product''s number, as text';
comment on column extracts.products.product_name is 'the name people use; the number where it is absent';
comment on column extracts.products.product_family is 'the family that planning talks about';
comment on column extracts.products.unit_cost is 'what one unit costs us, in company currency';
comment on column extracts.products.lead_time_days is 'days from order to delivery in the normal course';
