-- One row per group of broken promises, the most first: by $by (customer, product family, month or waiting on), with all evidence counted.
-- For the months from $first_month to $last_month, of $customer where one is given; by month all months are shown. At most a thousand.
select
    case coalesce($by, 'customer')
        when 'product family' then cause_months.product_family
        when 'month' then strftime(cause_months.month, '%Y-%m')
        when 'waiting on' then cause_months.waiting_on
        else customers.customer_name
    end as group_name,
    cast(sum(cause_months.broken_count) as bigint) as broken_count,
    cast(sum(cause_months.inside_lead_time_count) as bigint) as inside_lead_time_count,
    cast(sum(cause_months.not_seen_coming_count) as bigint) as not_seen_coming_count,
    cast(sum(cause_months.without_room_count) as bigint) as without_room_count,
    cast(sum(cause_months.hot_count) as bigint) as hot_count,
    cast(sum(cause_months.reason_given_count) as bigint) as reason_given_count,
    cast(
        sum(case when cause_months.cause = 'not explained' then cause_months.broken_count else 0 end) as bigint
    ) as not_explained_count,
    sum(cause_months.gap_value) as gap_value
from marts.cause_months as cause_months
inner join marts.customers as customers
    on cause_months.customer_id = customers.customer_id
where
    cause_months.customer_id = coalesce($customer, cause_months.customer_id)
    and (
        $by = 'month'
        or cause_months.month between coalesce(cast($first_month as date), cause_months.month)
        and coalesce(cast($last_month as date), cause_months.month)
    )
group by group_name
order by case when $by = 'month' then group_name end desc, broken_count desc, group_name
limit 1000
