-- One row per customer: who they are, who looks after them, and how they measure us.
create table extracts.customers (
    customer_id varchar primary key,
    customer_name varchar,
    tier varchar,
    segment varchar,
    region varchar,
    account_manager varchar,
    promise_target decimal(9, 6),
    measured_on varchar,
    days_early_allowed integer,
    days_late_allowed integer,
    quantity_tolerance decimal(9, 6),
    measured_by varchar
);

comment on column extracts.customers.customer_id is 'the customer''s number, as text';
comment on column extracts.customers.customer_name is 'the name people use; the number where it is absent';
comment on column extracts.customers.tier is 'A, B or C: how much the customer matters to us';
comment on column extracts.customers.segment is 'the market or branch of trade';
comment on column extracts.customers.region is 'where the customer is served';
comment on column extracts.customers.account_manager is 'who speaks for the customer here';
comment on column extracts.customers.promise_target is 'the promise rate agreed with the customer, 0 to 1';
comment on column extracts.customers.measured_on is 'the date the customer measures us on: request, first promise or current promise';
comment on column extracts.customers.days_early_allowed is 'how many days early the customer accepts; any where absent';
comment on column extracts.customers.days_late_allowed is 'how many days late the customer still calls on time';
comment on column extracts.customers.quantity_tolerance is 'the share that may be short and still be in full, 0 to 1';
comment on column extracts.customers.measured_by is 'line or order: what must be complete to count';
