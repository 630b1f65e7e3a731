-- One row per customer with an open order line, or an opportunity where asked for: tier, and how often we let them down in six months.
-- $opportunities is as in arbitrate/lines.
-- Times let down are broken promises, the rate is their share of those due; days imposed so far are the days that they came late.
-- All are of first promises of the six months up to the month that the extracts speak for.
with let_down as (
    select
        customer_months.customer_id,
        sum(customer_months.due_count - customer_months.kept_count) as let_down_count,
        sum(customer_months.due_count) as due_count,
        sum(customer_months.late_days) as late_days
    from marts.customer_months as customer_months
    cross join snapshot
    where
        customer_months.month <= snapshot.as_of_date
        and customer_months.month > cast(date_trunc('month', snapshot.as_of_date) - interval 6 month as date)
    group by customer_months.customer_id
),

customers_claiming as (
    select customers_ahead.customer_id
    from marts.customers_ahead as customers_ahead
    union distinct
    select open_opportunities.customer_id
    from marts.open_opportunities as open_opportunities
    where
        open_opportunities.need_date is not null
        and ($opportunities = 'all' or ($opportunities = 'told' and open_opportunities.kind = 'spoken for'))
)

select
    customers.customer_id,
    customers.customer_name,
    customers.tier,
    cast(coalesce(let_down.let_down_count, 0) as bigint) as let_down_count,
    coalesce(cast(let_down.let_down_count as double) / nullif(cast(let_down.due_count as double), 0), 0) as let_down_rate,
    cast(coalesce(let_down.late_days, 0) as bigint) as imposed_days_so_far
from customers_claiming
inner join marts.customers as customers
    on customers_claiming.customer_id = customers.customer_id
left join let_down
    on customers_claiming.customer_id = let_down.customer_id
order by customers.customer_id
