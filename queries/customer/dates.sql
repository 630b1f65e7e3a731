-- One row per month: the value $customer asked for, was first promised and received in it.
-- Lines that were cancelled are left out; lines without a requested date count as asked for when first promised.
with asked_by_month as (
    select
        cast(date_trunc('month', promises.asked_date) as date) as month,
        sum(promises.ordered_value) as asked_value
    from marts.promises as promises
    where promises.customer_id = $customer and not promises.is_cancelled
    group by cast(date_trunc('month', promises.asked_date) as date)
),

promised_by_month as (
    select
        promises.promise_month as month,
        sum(promises.ordered_value) as promised_value
    from marts.promises as promises
    where promises.customer_id = $customer and not promises.is_cancelled
    group by promises.promise_month
),

delivered_by_month as (
    select
        cast(date_trunc('month', coalesce(deliveries.delivered_date, deliveries.shipped_date)) as date) as month,
        cast(sum(deliveries.quantity * coalesce(promises.unit_price, 0)) as decimal(38, 2)) as delivered_value
    from marts.promises as promises
    inner join extracts.deliveries as deliveries
        on
            promises.order_id = deliveries.order_id
            and promises.line_number = deliveries.line_number
    where promises.customer_id = $customer and not promises.is_cancelled
    group by cast(date_trunc('month', coalesce(deliveries.delivered_date, deliveries.shipped_date)) as date)
)

select
    months.month,
    coalesce(asked_by_month.asked_value, 0) as asked_value,
    coalesce(promised_by_month.promised_value, 0) as promised_value,
    case when months.month <= snapshot.as_of_date then coalesce(delivered_by_month.delivered_value, 0) end as delivered_value
from marts.months as months
cross join snapshot
left join asked_by_month on months.month = asked_by_month.month
left join promised_by_month on months.month = promised_by_month.month
left join delivered_by_month on months.month = delivered_by_month.month
where
    months.month >= coalesce(cast($first_month as date), months.month)
    and months.month <= coalesce(cast(cast($last_month as date) + interval 3 month as date), months.month)
order by months.month
