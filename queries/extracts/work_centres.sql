-- One row per work centre: where it stands and what overtime it can give at what price.
create table extracts.work_centres (
    work_centre_id varchar primary key,
    work_centre_name varchar,
    site varchar,
    overtime_hours_limit double,
    overtime_cost_per_hour decimal(18, 4)
);

comment on column extracts.work_centres.work_centre_id is 'the work centre''s number, as text';
comment on column extracts.work_centres.work_centre_name is 'the name people use';
comment on column extracts.work_centres.site is 'the plant it stands in';
comment on column extracts.work_centres.overtime_hours_limit is 'hours of overtime it can give in a month';
comment on column extracts.work_centres.overtime_cost_per_hour is 'what an hour of overtime costs, in company currency';
