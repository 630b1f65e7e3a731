-- One row per month from the first promise to the last, the month that the extracts speak for included, with nothing left
-- out, so that silence is visible. More than ten years back or five ahead only months with a promise are listed: one slip in
-- a year must not make a thousand silent months.
with bounds as (
    select
        cast(date_trunc('month', max(snapshot.as_of_date)) as date) as as_of_month,
        min(promises.promise_month) as first_month,
        max(promises.promise_month) as last_month
    from snapshot
    cross join marts.promises as promises
),

bounded as (
    select
        least(greatest(bounds.first_month, cast(bounds.as_of_month - interval 120 month as date)), bounds.as_of_month) as first_month,
        greatest(least(bounds.last_month, cast(bounds.as_of_month + interval 60 month as date)), bounds.as_of_month) as last_month
    from bounds
)

select cast(calendar.month as date) as month
from bounded
cross join unnest(generate_series(bounded.first_month, bounded.last_month, interval 1 month)) as calendar (month)
union
select promises.promise_month as month
from marts.promises as promises
