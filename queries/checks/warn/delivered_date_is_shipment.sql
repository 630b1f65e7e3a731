-- The delivery has only a shipment date where others have an arrival; the shipment stands for it.
select
    'deliveries' as extract_name,
    deliveries.rowid as row_id,
    'delivered_date' as column_name,
    cast(deliveries.shipped_date as varchar) as value
from extracts.deliveries as deliveries
where
    deliveries.delivered_date is null
    and deliveries.shipped_date is not null
    and exists (
        select 1 from extracts.deliveries as others
        where others.delivered_date is not null
    )
