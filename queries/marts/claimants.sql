-- One row per customer with an open order line or an open opportunity with a date: tier, and how often we let them down lately
-- (marts/let_down_lately). Numbered from 0 by customer, so that what is handed to Python of a million lines need not name each one's.
with claims as (
    select
        open_lines.customer_id,
        true as is_order_line,
        false as is_spoken_for
    from marts.open_lines as open_lines
    union all
    select
        open_opportunities.customer_id,
        false as is_order_line,
        open_opportunities.kind = 'spoken for' as is_spoken_for
    from marts.open_opportunities as open_opportunities
    where open_opportunities.need_date is not null
),

customers_claiming as (
    select
        claims.customer_id,
        bool_or(claims.is_order_line) as has_order_line,
        bool_or(claims.is_spoken_for) as has_spoken_for
    from claims
    group by claims.customer_id
)

select
    row_number() over (order by customers_claiming.customer_id) - 1 as customer_number,
    customers_claiming.customer_id,
    customers.customer_name,
    customers.tier,
    customers_claiming.has_order_line,
    customers_claiming.has_spoken_for,
    cast(coalesce(let_down_lately.let_down_count, 0) as bigint) as let_down_count,
    coalesce(let_down_lately.let_down_rate, 0) as let_down_rate,
    cast(coalesce(let_down_lately.late_days, 0) as bigint) as late_days
from customers_claiming
inner join marts.customers as customers
    on customers_claiming.customer_id = customers.customer_id
left join marts.let_down_lately as let_down_lately
    on customers_claiming.customer_id = let_down_lately.customer_id
order by customers_claiming.customer_id
