-- The delivery is dated after the day that the extracts speak for.
select
    'deliveries' as extract_name,
    deliveries.rowid as row_id,
    'delivered_date' as column_name,
    cast(coalesce(deliveries.delivered_date, deliveries.shipped_date) as varchar) as value
from extracts.deliveries as deliveries
cross join snapshot
where coalesce(deliveries.delivered_date, deliveries.shipped_date) > snapshot.as_of_date
