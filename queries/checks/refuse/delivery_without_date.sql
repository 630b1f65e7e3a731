-- The delivery has no date, neither delivered nor shipped.
select
    'deliveries' as extract_name,
    deliveries.rowid as row_id,
    'delivered_date' as column_name,
    cast(null as varchar) as value
from extracts.deliveries as deliveries
where
    deliveries.delivered_date is null
    and deliveries.shipped_date is null
