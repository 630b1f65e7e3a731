-- One row per month: the value $customer asked for, was first promised and received in it, up to three months ahead.
-- Lines that were cancelled are left out; lines without a requested date count as asked for when first promised.
select
    months.month,
    coalesce(customer_dates.asked_value, 0) as asked_value,
    coalesce(customer_dates.promised_value, 0) as promised_value,
    case
        when months.month <= snapshot.as_of_date then coalesce(customer_dates.delivered_value, 0)
    end as delivered_value
from marts.months as months
cross join snapshot
left join marts.customer_dates as customer_dates
    on
        months.month = customer_dates.month
        and customer_dates.customer_id = $customer
where
    months.month >= coalesce(cast($first_month as date), months.month)
    and months.month <= coalesce(cast(cast($last_month as date) + interval 3 month as date), months.month)
order by months.month
