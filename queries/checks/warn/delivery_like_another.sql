-- The delivery has no number and is like another in order line, day and quantity; it may be the same one twice.
with deliveries_met as (
    select
        deliveries.rowid as row_id,
        deliveries.order_id,
        deliveries.line_number,
        row_number() over (
            partition by
                deliveries.order_id,
                deliveries.line_number,
                deliveries.delivered_date,
                deliveries.shipped_date,
                deliveries.quantity
            order by deliveries.rowid
        ) as meeting
    from extracts.deliveries as deliveries
    where
        deliveries.delivery_id is null
        and hash(deliveries.order_id, deliveries.line_number) in (
            select hash(met.order_id, met.line_number) as key_hash
            from extracts.deliveries as met
            where met.delivery_id is null
            group by key_hash
            having count(*) > 1
        )
)

select
    'deliveries' as extract_name,
    deliveries_met.row_id,
    'order_id' as column_name,
    concat_ws(' ', deliveries_met.order_id, deliveries_met.line_number) as value
from deliveries_met
where deliveries_met.meeting > 1
