-- Multiplies hours that a file gives for so many working days by those from Monday to Friday in the row's month.
update extracts.capacity as capacity
set available_hours = capacity.available_hours * working_days.day_count / $days
from (
    select
        days.month,
        count(*) filter (where isodow(days.day_date) < 6) as day_count
    from (
        select
            months.month,
            cast(
                unnest(
                    generate_series(months.month, months.month + interval 1 month - interval 1 day, interval 1 day)
                ) as date
            ) as day_date
        from (select distinct known.month from extracts.capacity as known) as months
    ) as days
    group by days.month
) as working_days
where
    capacity.month = working_days.month
    and capacity.rowid between $first_row_id and $last_row_id
