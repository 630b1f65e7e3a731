-- One row per open order line, and per open opportunity where asked for: promised for when, worth what, and what is earned on a unit.
-- Numbered from 0, order lines by first promise and opportunities behind them by the date they are needed. $opportunities: 'told' are
-- those with a date given to the customer, 'all' are all with a date; quantities by their chance. The margin is empty where unknown.
with orders_claiming as (
    select
        promises_ahead.claim_number,
        promises_ahead.order_id,
        promises_ahead.line_number,
        promises_ahead.customer_id,
        promises_ahead.product_id,
        promises_ahead.first_promised_date,
        promises_ahead.promised_date,
        promises_ahead.promised_month,
        promises_ahead.is_overdue,
        false as is_opportunity,
        cast(promises_ahead.open_quantity as double) as open_quantity,
        promises_ahead.unit_price
    from marts.promises_ahead as promises_ahead
),

opportunities_claiming as (
    select
        row_number() over (order by open_opportunities.need_date, open_opportunities.opportunity_id) - 1
        + (select count(*) from marts.promises_ahead) as claim_number,
        open_opportunities.opportunity_id as order_id,
        'opportunity' as line_number,
        open_opportunities.customer_id,
        open_opportunities.product_id,
        open_opportunities.need_date as first_promised_date,
        open_opportunities.need_date as promised_date,
        open_opportunities.need_month as promised_month,
        false as is_overdue,
        true as is_opportunity,
        cast(open_opportunities.opportunity_quantity as double) * open_opportunities.probability_rate as open_quantity,
        open_opportunities.unit_price
    from marts.open_opportunities as open_opportunities
    where
        open_opportunities.need_date is not null
        and open_opportunities.probability_rate > 0
        and ($opportunities = 'all' or ($opportunities = 'told' and open_opportunities.kind = 'spoken for'))
),

claims as (
    select orders_claiming.*
    from orders_claiming
    union all
    select opportunities_claiming.*
    from opportunities_claiming
)

select
    cast(claims.claim_number as bigint) as claim_number,
    claims.order_id,
    claims.line_number,
    claims.customer_id,
    claims.product_id,
    claims.first_promised_date,
    claims.promised_date,
    greatest(claims.promised_month, horizon.first_month) as due_month,
    claims.is_overdue,
    claims.is_opportunity,
    claims.open_quantity,
    cast(coalesce(claims.unit_price, 0) as double) as unit_price,
    cast(claims.unit_price - products.unit_cost as double) as unit_margin
from claims
cross join marts.horizon as horizon
left join extracts.products as products
    on claims.product_id = products.product_id
order by claims.claim_number
