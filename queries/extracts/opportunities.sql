-- One row per opportunity: what sales is about to sell, to whom, how likely and for when.
create table extracts.opportunities (
    opportunity_id varchar primary key,
    customer_id varchar not null,
    product_id varchar not null,
    stage varchar not null,
    quantity decimal(18, 3) not null,
    unit_price decimal(18, 4),
    currency varchar,
    probability decimal(9, 6),
    created_date date,
    expected_close_date date,
    requested_date date,
    promised_date date,
    owner varchar
);

comment on column extracts.opportunities.opportunity_id is 'the opportunity''s number, as text';
comment on column extracts.opportunities.customer_id is 'who would buy';
comment on column extracts.opportunities.product_id is 'what they would buy';
comment on column extracts.opportunities.stage is 'how far the sale is, in the words of the CRM';
comment on column extracts.opportunities.quantity is 'units, not weighted by probability';
comment on column extracts.opportunities.unit_price is 'price of one unit, in company currency';
comment on column extracts.opportunities.currency is 'the currency of the price; the company''s where it is absent';
comment on column extracts.opportunities.probability is 'chance of winning it, 0 to 1';
comment on column extracts.opportunities.created_date is 'when sales first wrote it down';
comment on column extracts.opportunities.expected_close_date is 'when sales expects the order';
comment on column extracts.opportunities.requested_date is 'when the customer wants the goods';
comment on column extracts.opportunities.promised_date is 'the delivery date the customer has already been given';
comment on column extracts.opportunities.owner is 'who sells it';
