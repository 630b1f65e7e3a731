-- One row per work centre and month: the hours that are really there.
create table extracts.capacity (
    work_centre_id varchar,
    month date,
    available_hours double not null,
    primary key (work_centre_id, month)
);

comment on column extracts.capacity.work_centre_id is 'the work centre';
comment on column extracts.capacity.month is 'the first day of the month';
comment on column extracts.capacity.available_hours is 'hours available in that month';
