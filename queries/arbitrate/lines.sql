-- One row per open order line, and per open opportunity where asked for: promised for when, worth what, and what is earned on a unit.
-- Numbered from 0, order lines by first promise and opportunities behind them by the date they are needed; customers as in
-- marts/claimants. They come as they stand in the snapshot, by customer and promise: a million lines are not sorted for nothing.
-- $opportunities: 'told' are those with a date given to the customer, 'all' are all with a date; quantities by their chance. The
-- margin is empty where unknown.
with opportunities_claiming as (
    select
        row_number() over (order by open_opportunities.need_date, open_opportunities.opportunity_id) - 1
        + (select count(*) from marts.promises_ahead) as claim_number,
        open_opportunities.*,
        claimants.customer_number,
        cast(open_opportunities.unit_price - products.unit_cost as double) as unit_margin
    from marts.open_opportunities as open_opportunities
    inner join marts.claimants as claimants
        on open_opportunities.customer_id = claimants.customer_id
    left join extracts.products as products
        on open_opportunities.product_id = products.product_id
    where
        open_opportunities.need_date is not null
        and open_opportunities.probability_rate > 0
        and ($opportunities = 'all' or ($opportunities = 'told' and open_opportunities.kind = 'spoken for'))
)

select
    cast(promises_ahead.claim_number as integer) as claim_number,
    promises_ahead.order_id,
    promises_ahead.line_number,
    cast(promises_ahead.customer_number as integer) as customer_number,
    promises_ahead.product_id,
    promises_ahead.promised_date,
    promises_ahead.due_month,
    promises_ahead.is_overdue,
    false as is_opportunity,
    cast(promises_ahead.open_quantity as double) as open_quantity,
    cast(coalesce(promises_ahead.unit_price, 0) as double) as unit_price,
    promises_ahead.unit_margin
from marts.promises_ahead as promises_ahead
union all
select
    cast(opportunities_claiming.claim_number as integer) as claim_number,
    opportunities_claiming.opportunity_id as order_id,
    'opportunity' as line_number,
    cast(opportunities_claiming.customer_number as integer) as customer_number,
    opportunities_claiming.product_id,
    opportunities_claiming.need_date as promised_date,
    greatest(opportunities_claiming.need_month, horizon.first_month) as due_month,
    false as is_overdue,
    true as is_opportunity,
    cast(opportunities_claiming.opportunity_quantity as double) * opportunities_claiming.probability_rate as open_quantity,
    cast(coalesce(opportunities_claiming.unit_price, 0) as double) as unit_price,
    opportunities_claiming.unit_margin
from opportunities_claiming
cross join marts.horizon as horizon
