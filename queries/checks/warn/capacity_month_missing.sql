-- The work centre has no hours for the month after this one though others do, so that month counts as 0 hours.
with months_known as (
    select
        capacity.rowid as row_id,
        capacity.work_centre_id,
        cast(date_trunc('month', capacity.month) as date) as month
    from extracts.capacity as capacity
),

months_compared as (
    select
        months_known.row_id,
        months_known.work_centre_id,
        months_known.month,
        lead(months_known.month) over (
            partition by months_known.work_centre_id order by months_known.month
        ) as next_month
    from months_known
)

select
    'capacity' as extract_name,
    months_compared.row_id,
    'month' as column_name,
    months_compared.work_centre_id || ' ' || strftime(months_compared.month, '%Y-%m') as value
from months_compared
cross join marts.horizon as horizon
where
    months_compared.month < horizon.last_month
    and coalesce(months_compared.next_month, horizon.last_month) >= horizon.first_month
    and coalesce(
        months_compared.next_month > cast(months_compared.month + interval 1 month as date),
        exists (
            select 1
            from marts.work_centres as work_centres
            where
                work_centres.work_centre_id = months_compared.work_centre_id
                and work_centres.has_hours
        )
    )
