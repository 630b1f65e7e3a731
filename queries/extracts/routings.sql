-- One row per product and work centre it passes through: the hours a unit takes there, and how many months before delivery.
create table extracts.routings (
    product_id varchar,
    work_centre_id varchar,
    hours_per_unit double not null,
    offset_months integer,
    primary key (product_id, work_centre_id)
);

comment on column extracts.routings.product_id is 'the product';
comment on column extracts.routings.work_centre_id is 'the work centre';
comment on column extracts.routings.hours_per_unit is 'hours one unit takes there';
comment on column extracts.routings.offset_months is 'how many months before the promised month the work is done; 0 where absent';
