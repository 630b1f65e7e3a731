-- One row per opportunity still open: what may be ordered, how likely, and for when; spoken for where the customer has a date already.
-- One that an order line names is firm already and left out. Where neither opportunity nor stage has a chance of winning, one half
-- stands in. It is needed by the promised date, else the requested one, else the expected close and the product's lead time.
with orders_of_opportunities as (
    select distinct order_lines.opportunity_id
    from extracts.order_lines as order_lines
    where order_lines.opportunity_id is not null
),

opportunities_still_open as (
    select
        opportunities.*,
        products.product_family,
        coalesce(
            case
                when opportunities.probability between 0 and stages.probability_whole
                    then cast(opportunities.probability as double) / stages.probability_whole
            end,
            stages.mean_rate,
            0.5
        ) as probability_rate,
        coalesce(
            opportunities.promised_date,
            opportunities.requested_date,
            cast(opportunities.expected_close_date + coalesce(products.lead_time_days, 0) * interval 1 day as date)
        ) as need_date
    from extracts.opportunities as opportunities
    inner join marts.stages as stages
        on opportunities.stage = stages.stage
    left join extracts.products as products
        on opportunities.product_id = products.product_id
    anti join orders_of_opportunities
        on opportunities.opportunity_id = orders_of_opportunities.opportunity_id
    where stages.outcome = 'open'
)

select
    opportunities_still_open.opportunity_id,
    opportunities_still_open.customer_id,
    opportunities_still_open.product_id,
    coalesce(opportunities_still_open.product_family, 'no family') as product_family,
    opportunities_still_open.owner,
    opportunities_still_open.stage,
    case when opportunities_still_open.promised_date is null then 'pipeline' else 'spoken for' end as kind,
    opportunities_still_open.probability_rate,
    opportunities_still_open.quantity as opportunity_quantity,
    opportunities_still_open.unit_price,
    cast(
        cast(opportunities_still_open.quantity as decimal(38, 3)) * coalesce(opportunities_still_open.unit_price, 0)
        as decimal(18, 2)
    ) as opportunity_value,
    cast(
        cast(opportunities_still_open.quantity as double) * cast(coalesce(opportunities_still_open.unit_price, 0) as double)
        * opportunities_still_open.probability_rate
        as decimal(18, 2)
    ) as weighted_value,
    opportunities_still_open.created_date,
    opportunities_still_open.expected_close_date,
    opportunities_still_open.requested_date,
    opportunities_still_open.promised_date,
    opportunities_still_open.need_date,
    cast(date_trunc('month', opportunities_still_open.need_date) as date) as need_month
from opportunities_still_open
