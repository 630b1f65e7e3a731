-- One row per month from the first promise to the last, with nothing left out, so that silence is visible.
with first_and_last as (
    select
        min(promises.promise_month) as first_month,
        max(promises.promise_month) as last_month
    from marts.promises as promises
)

select cast(calendar.month as date) as month
from first_and_last
cross join unnest(
    generate_series(first_and_last.first_month, first_and_last.last_month, interval 1 month)
) as calendar (month)
