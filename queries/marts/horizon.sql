-- One row: the months that the forward view looks at, from the first to the last month whose hours are known.
-- It begins with the month that the day a week after the extracts falls in, since a month that is all but over has no hours left to
-- give; a month that has begun counts with all its hours. It ends five years on at the latest, whatever year a slip may name.
with first_months as (
    select
        snapshot.as_of_date,
        cast(date_trunc('month', snapshot.as_of_date + interval 7 day) as date) as first_month
    from snapshot
),

hours_ahead as (
    select max(cast(date_trunc('month', capacity.month) as date)) as last_month
    from extracts.capacity as capacity
    cross join first_months
    where
        capacity.month >= first_months.first_month
        and capacity.month < cast(first_months.first_month + interval 60 month as date)
)

select
    first_months.as_of_date,
    first_months.first_month,
    hours_ahead.last_month
from first_months
cross join hours_ahead
