-- The newest order lies more than two months after every other; the extracts may speak for a day of a typing mistake.
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
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'order_date' as column_name,
    cast(order_lines.order_date as varchar) as value
from extracts.order_lines as order_lines
cross join snapshot
cross join newest_before
where
    order_lines.order_date = snapshot.as_of_date
    and date_diff('day', newest_before.day, snapshot.as_of_date) > 61
