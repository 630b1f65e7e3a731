-- The delivered quantity is more than a trillion, which no delivery is.
select
    'deliveries' as extract_name,
    deliveries.rowid as row_id,
    'quantity' as column_name,
    cast(deliveries.quantity as varchar) as value
from extracts.deliveries as deliveries
where deliveries.quantity > 1e12
