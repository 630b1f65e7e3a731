-- One row per opportunity: what sales is about to sell, to whom, how likely and for when.
-- Of twenty, nine were won and became orders, five were lost and six are still open.
with numbered_opportunities as (
    select
        opportunity_index,
        sizes.order_count,
        sizes.opportunity_count // 20 * 9 as won_count,
        case
            when opportunity_index % 20 < 9 then 'won'
            when opportunity_index % 20 < 14 then 'lost'
            else 'open'
        end as outcome,
        opportunity_index // 20 * 9 + opportunity_index % 20 as won_index
    from sample.sizes, range(sizes.opportunity_count // 20 * 20) as opportunities (opportunity_index)
),

won_opportunities as (
    select
        opportunities.opportunity_index,
        order_line_stories.customer_index,
        order_line_stories.product_index,
        'Won' as stage,
        ceil(
            order_line_stories.quantity * (0.9 + 0.4 * chance($seed, 'sold', opportunities.opportunity_index))
        )::bigint as quantity,
        order_line_stories.unit_price,
        1.0 as probability,
        order_line_stories.order_day
        - 10 - floor(90 * chance($seed, 'created', opportunities.opportunity_index))::integer as created_day,
        least(
            524,
            order_line_stories.order_day
            + floor(15 * chance($seed, 'close', opportunities.opportunity_index))::integer - 7
        ) as close_day,
        order_line_stories.requested_day,
        null::integer as promised_day
    from numbered_opportunities as opportunities
    inner join sample.order_line_stories
        on
            opportunities.won_index * opportunities.order_count // opportunities.won_count
            = order_line_stories.order_index
            and order_line_stories.line_number = 10
    where opportunities.outcome = 'won'
),

drawn_opportunities as (
    select
        opportunity_index,
        outcome,
        chance($seed, 'opportunity customer', opportunity_index) as customer_draw,
        chance($seed, 'opportunity family', opportunity_index) as family_draw,
        chance($seed, 'opportunity stage', opportunity_index) as stage_draw,
        chance($seed, 'opportunity age', opportunity_index) as age_draw,
        chance($seed, 'opportunity close', opportunity_index) as close_draw
    from numbered_opportunities
    where outcome <> 'won'
),

customers_of_opportunities as (
    select
        drawn_opportunities.*,
        customer_habits.customer_index,
        customer_habits.story,
        customer_habits.discount,
        customer_habits.favourite_family,
        customer_habits.second_family
    from drawn_opportunities
    cross join sample.sizes
    inner join sample.customer_slots
        on floor(64 * sizes.customer_count * drawn_opportunities.customer_draw)::bigint = customer_slots.slot
    inner join sample.customer_habits on customer_slots.customer_index = customer_habits.customer_index
    -- Nobody is selling to the forgotten customer.
    where customer_habits.story <> 'forgotten' or drawn_opportunities.outcome = 'lost'
),

products_of_opportunities as (
    select
        customers_of_opportunities.*,
        case
            when customers_of_opportunities.family_draw < 0.5 then customers_of_opportunities.favourite_family
            when customers_of_opportunities.family_draw < 0.8 then customers_of_opportunities.second_family
            else floor(40 * (customers_of_opportunities.family_draw - 0.8))::integer
        end
        + 8 * floor(
            sizes.product_count // 8
            * chance($seed, 'opportunity product', customers_of_opportunities.opportunity_index)
        )::bigint as product_index,
        case
            when customers_of_opportunities.outcome = 'lost' then 20 + floor(400 * customers_of_opportunities.age_draw)
            else 524 - floor(150 * customers_of_opportunities.age_draw)
        end::integer as created_day
    from customers_of_opportunities
    cross join sample.sizes
),

stages as (
    select *
    from (
        values
        (0, 'Qualification', 0.2), (1, 'Qualification', 0.2), (2, 'Proposal', 0.4), (3, 'Proposal', 0.4),
        (4, 'Negotiation', 0.6), (5, 'Negotiation', 0.7), (6, 'Verbal agreement', 0.8), (7, 'Verbal agreement', 0.9)
    ) as stages (stage_index, stage, probability)
),

staged_opportunities as (
    select
        products_of_opportunities.*,
        product_habits.list_price,
        product_habits.lot_size,
        product_habits.lead_time_days,
        case products_of_opportunities.outcome when 'lost' then 'Lost' else stages.stage end as stage,
        case products_of_opportunities.outcome when 'lost' then 0.0 else stages.probability end as probability,
        case
            when products_of_opportunities.outcome = 'lost'
                then products_of_opportunities.created_day + 20 + floor(80 * products_of_opportunities.close_draw)
            -- The probable ones close sooner; a few should have closed by now.
            else 519 + floor((120 - 90 * stages.probability) * products_of_opportunities.close_draw)
        end::integer as close_day
    from products_of_opportunities
    inner join sample.product_habits on products_of_opportunities.product_index = product_habits.product_index
    inner join stages on floor(8 * pow(products_of_opportunities.stage_draw, 1.3)) = stages.stage_index
),

wished_opportunities as (
    select
        *,
        least(
            710,
            close_day + lead_time_days // 7 * 5
            + floor(40 * chance($seed, 'opportunity wish', opportunity_index))::integer
        ) as requested_day
    from staged_opportunities
),

unwon_opportunities as (
    select
        opportunity_index,
        customer_index,
        product_index,
        stage,
        (
            lot_size * (3 + floor(40 * pow(chance($seed, 'opportunity lots', opportunity_index), 2)))
        )::bigint as quantity,
        round(list_price * (1 - discount) * 1.03, 2)::decimal(18, 2) as unit_price,
        probability,
        created_day,
        close_day,
        requested_day,
        case
            when
                outcome = 'open' and probability >= 0.4
                and chance($seed, 'already promised', opportunity_index) < 0.25
                then requested_day + if(chance($seed, 'promised later', opportunity_index) < 0.3, 5, 0)
        end::integer as promised_day
    from wished_opportunities
    where opportunity_index <> 56
),

-- The largest of the welded products, for the big opportunity.
welded_favourite as (
    select product_habits.*
    from sample.welded_products
    inner join sample.product_habits on welded_products.product_index = product_habits.product_index
    where welded_products.welded_index = 5
),

-- OP-00057 would take three fifths of Welding 2's February, which two other customers have already been promised.
big_opportunity as (
    select
        56 as opportunity_index,
        18 as customer_index,
        welded_favourite.product_index,
        'Verbal agreement' as stage,
        greatest(10, round(0.6 * capacity.available_hours / routings.hours_per_unit, -1))::bigint as quantity,
        round(welded_favourite.list_price * 0.9, 2)::decimal(18, 2) as unit_price,
        0.8 as probability,
        480 as created_day,
        534 as close_day,
        594 as requested_day,
        599 as promised_day
    from welded_favourite
    inner join sample.routings
        on welded_favourite.product_id = routings.product_id and routings.work_centre_id = 'WC-10'
    inner join sample.capacity
        on routings.work_centre_id = capacity.work_centre_id and capacity.month = date '2027-02-01'
),

all_opportunities as (
    select * from won_opportunities
    union all
    select * from unwon_opportunities
    union all
    select * from big_opportunity
)

select
    format('OP-{:05d}', all_opportunities.opportunity_index + 1) as opportunity_id,
    customer_habits.customer_id,
    product_habits.product_id,
    all_opportunities.stage,
    all_opportunities.quantity,
    all_opportunities.unit_price,
    all_opportunities.probability,
    working_date(all_opportunities.created_day) as created_date,
    working_date(all_opportunities.close_day) as expected_close_date,
    working_date(all_opportunities.requested_day) as requested_date,
    working_date(all_opportunities.promised_day) as promised_date,
    customer_habits.account_manager as owner
from all_opportunities
inner join sample.customer_habits on all_opportunities.customer_index = customer_habits.customer_index
inner join sample.product_habits on all_opportunities.product_index = product_habits.product_index
order by all_opportunities.opportunity_index
