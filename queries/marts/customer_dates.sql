-- One row per customer and month in which something was asked for, promised or delivered: the value of each.
-- Cancelled lines are left out; a line without a requested date counts as asked for when it was first promised.
with values_by_date as (
    select
        promises.customer_id,
        cast(date_trunc('month', promises.asked_date) as date) as month,
        promises.ordered_value as asked_value,
        cast(0 as decimal(18, 2)) as promised_value,
        cast(0 as decimal(18, 2)) as delivered_value
    from marts.promises as promises
    where not promises.is_cancelled
    union all
    select
        promises.customer_id,
        promises.promise_month as month,
        cast(0 as decimal(18, 2)) as asked_value,
        promises.ordered_value as promised_value,
        cast(0 as decimal(18, 2)) as delivered_value
    from marts.promises as promises
    where not promises.is_cancelled
    union all
    select
        promises.customer_id,
        cast(date_trunc('month', coalesce(deliveries.delivered_date, deliveries.shipped_date)) as date) as month,
        cast(0 as decimal(18, 2)) as asked_value,
        cast(0 as decimal(18, 2)) as promised_value,
        case
            when deliveries.quantity = promises.ordered_quantity then promises.ordered_value
            when deliveries.quantity < 1000000 and promises.unit_price < 100000
                then cast(
                    cast(deliveries.quantity as decimal(9, 3)) * cast(promises.unit_price as decimal(9, 4)) as decimal(18, 2)
                )
            else cast(
                cast(deliveries.quantity as decimal(38, 3)) * coalesce(promises.unit_price, 0) as decimal(18, 2)
            )
        end as delivered_value
    from marts.promises as promises
    inner join extracts.deliveries as deliveries
        on
            promises.order_id = deliveries.order_id
            and promises.line_number = deliveries.line_number
    where not promises.is_cancelled
)

select
    values_by_date.customer_id,
    values_by_date.month,
    cast(sum(values_by_date.asked_value) as decimal(38, 2)) as asked_value,
    cast(sum(values_by_date.promised_value) as decimal(38, 2)) as promised_value,
    cast(sum(values_by_date.delivered_value) as decimal(38, 2)) as delivered_value
from values_by_date
group by values_by_date.customer_id, values_by_date.month
order by values_by_date.customer_id, values_by_date.month
