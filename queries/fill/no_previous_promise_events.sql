-- Stands for the promise events of the snapshot before, where there is none.
create view previous.promise_events as
select
    cast(null as varchar) as order_id,
    cast(null as varchar) as line_number,
    cast(null as integer) as event_number,
    cast(null as date) as moved_from_date,
    cast(null as date) as moved_to_date,
    cast(null as integer) as moved_days,
    cast(null as varchar) as moved_by,
    cast(null as date) as seen_date,
    cast(null as varchar) as reason
where false
