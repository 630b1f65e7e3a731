-- The delivery is in the file before: the same number, order line, day and quantity.
with deliveries_met as (
    select
        deliveries.rowid as row_id,
        deliveries.delivery_id,
        row_number() over (
            partition by
                deliveries.delivery_id,
                deliveries.order_id,
                deliveries.line_number,
                deliveries.delivered_date,
                deliveries.shipped_date,
                deliveries.quantity
            order by deliveries.rowid
        ) as meeting
    from extracts.deliveries as deliveries
    where hash(deliveries.delivery_id, deliveries.order_id, deliveries.line_number) in (
        select hash(met.delivery_id, met.order_id, met.line_number) as key_hash
        from extracts.deliveries as met
        where met.delivery_id is not null
        group by key_hash
        having count(*) > 1
    )
)

select
    'deliveries' as extract_name,
    deliveries_met.row_id,
    'delivery_id' as column_name,
    deliveries_met.delivery_id as value
from deliveries_met
where deliveries_met.meeting > 1
