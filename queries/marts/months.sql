-- One row per month from the first promise to the last, the month that the extracts speak for included, with nothing left
-- out, so that silence is visible.
with first_and_last as (
    select
        least(min(promises.promise_month), min(cast(date_trunc('month', snapshot.as_of_date) as date))) as first_month,
        greatest(max(promises.promise_month), max(cast(date_trunc('month', snapshot.as_of_date) as date))) as last_month
    from marts.promises as promises
    cross join snapshot
)

select cast(calendar.month as date) as month
from first_and_last
cross join unnest(
    generate_series(first_and_last.first_month, first_and_last.last_month, interval 1 month)
) as calendar (month)
