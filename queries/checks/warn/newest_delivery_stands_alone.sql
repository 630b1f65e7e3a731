-- The newest delivery lies more than two months after every other; the extracts may speak for a day of a typing mistake.
with days as (
    select order_lines.order_date as day
    from extracts.order_lines as order_lines
    union
    select coalesce(deliveries.delivered_date, deliveries.shipped_date) as day
    from extracts.deliveries as deliveries
),

newest_before as (
    select max(days.day) as day
    from days
    cross join snapshot
    where days.day < snapshot.as_of_date
)

select
    'deliveries' as extract_name,
    deliveries.rowid as row_id,
    'delivered_date' as column_name,
    cast(coalesce(deliveries.delivered_date, deliveries.shipped_date) as varchar) as value
from extracts.deliveries as deliveries
cross join snapshot
cross join newest_before
where
    coalesce(deliveries.delivered_date, deliveries.shipped_date) = snapshot.as_of_date
    and date_diff('day', newest_before.day, snapshot.as_of_date) > 61
