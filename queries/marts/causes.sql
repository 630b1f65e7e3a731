-- One row per broken promise: where the gap opened, every piece of evidence kept, the first in the order of the handover leading.
-- Ask to promise: promised inside lead time, not seen coming. Promise to plan: no room in the plan. Plan to delivery: reason given.
-- A line without an order date or a lead time has no evidence of the first two kinds; nor has one ordered before the opportunities begin.
with broken_promises as (
    select
        promises.order_id,
        promises.line_number,
        promises.customer_id,
        promises.product_id,
        promises.product_family,
        promises.promise_month,
        promises.opportunity_id,
        promises.order_date,
        promises.asked_date,
        promises.first_promised_date,
        promises.ordered_value,
        promises.gap_quantity,
        promises.gap_value,
        promises.late_days,
        products.lead_time_days,
        cast(promises.order_date - products.lead_time_days * interval 1 day as date) as seen_by_date
    from marts.promises as promises
    left join extracts.products as products
        on promises.product_id = products.product_id
    where
        promises.is_due
        and not promises.is_kept
),

opportunities_by_family as (
    select
        opportunities.customer_id,
        coalesce(products.product_family, 'no family') as product_family,
        opportunities.created_date,
        coalesce(
            case when stages.outcome = 'open' then null else opportunities.expected_close_date end, date '9999-12-31'
        ) as closed_date
    from extracts.opportunities as opportunities
    inner join marts.stages as stages
        on opportunities.stage = stages.stage
    left join extracts.products as products
        on opportunities.product_id = products.product_id
    where opportunities.created_date is not null
),

opportunities_after_others as (
    select
        opportunities_by_family.*,
        max(opportunities_by_family.closed_date) over (
            partition by opportunities_by_family.customer_id, opportunities_by_family.product_family
            order by opportunities_by_family.created_date
            rows between unbounded preceding and 1 preceding
        ) as others_closed_date
    from opportunities_by_family
),

opportunities_numbered as (
    select
        opportunities_after_others.*,
        sum(case when created_date <= others_closed_date then 0 else 1 end) over (
            partition by opportunities_after_others.customer_id, opportunities_after_others.product_family
            order by opportunities_after_others.created_date
            rows between unbounded preceding and current row
        ) as time_number
    from opportunities_after_others
),

-- The times in which a customer had some opportunity in a family, without overlaps: a wish falls in one of them or in none.
times_with_opportunities as (
    select
        opportunities_numbered.customer_id,
        opportunities_numbered.product_family,
        min(opportunities_numbered.created_date) as from_date,
        max(opportunities_numbered.closed_date) as to_date
    from opportunities_numbered
    group by opportunities_numbered.customer_id, opportunities_numbered.product_family, opportunities_numbered.time_number
),

first_opportunities as (
    select min(opportunities_by_family.created_date) as first_date
    from opportunities_by_family
),

wishes as (
    select distinct
        broken_promises.customer_id,
        broken_promises.product_family,
        broken_promises.seen_by_date
    from broken_promises
    cross join first_opportunities
    where broken_promises.seen_by_date >= first_opportunities.first_date
),

wishes_seen as (
    select distinct
        wishes.customer_id,
        wishes.product_family,
        wishes.seen_by_date
    from wishes
    inner join times_with_opportunities
        on
            wishes.customer_id = times_with_opportunities.customer_id
            and wishes.product_family = times_with_opportunities.product_family
            and wishes.seen_by_date between times_with_opportunities.from_date and times_with_opportunities.to_date
),

reasons_by_line as (
    select
        deliveries.order_id,
        deliveries.line_number,
        deliveries.reason,
        row_number() over (
            partition by deliveries.order_id, deliveries.line_number
            order by coalesce(deliveries.delivered_date, deliveries.shipped_date) desc, deliveries.reason asc
        ) as place
    from extracts.deliveries as deliveries
    where deliveries.reason is not null
),

evidence as (
    select
        broken_promises.*,
        coalesce(
            date_diff('day', broken_promises.order_date, broken_promises.first_promised_date)
            < broken_promises.lead_time_days,
            false
        ) as is_inside_lead_time,
        wishes.customer_id is not null and wishes_seen.customer_id is null as is_not_seen_coming,
        full_for_products.work_centre_id is not null as is_without_room,
        full_for_products.work_centre_id as full_work_centre_id,
        full_for_products.month as full_month,
        full_for_products.load_hours,
        full_for_products.available_hours,
        coalesce(full_for_products.full_from_date < broken_promises.order_date, false) as is_hot,
        reasons_by_line.reason,
        reasons.waiting_on
    from broken_promises
    left join wishes
        on
            broken_promises.customer_id = wishes.customer_id
            and broken_promises.product_family = wishes.product_family
            and broken_promises.seen_by_date = wishes.seen_by_date
    left join wishes_seen
        on
            broken_promises.customer_id = wishes_seen.customer_id
            and broken_promises.product_family = wishes_seen.product_family
            and broken_promises.seen_by_date = wishes_seen.seen_by_date
    left join marts.full_for_products as full_for_products
        on
            broken_promises.product_id = full_for_products.product_id
            and broken_promises.promise_month = full_for_products.promise_month
    left join reasons_by_line
        on
            broken_promises.order_id = reasons_by_line.order_id
            and broken_promises.line_number = reasons_by_line.line_number
            and reasons_by_line.place = 1
    left join marts.reasons as reasons
        on reasons_by_line.reason = reasons.reason
)

select
    evidence.order_id,
    evidence.line_number,
    evidence.customer_id,
    evidence.product_id,
    evidence.product_family,
    evidence.promise_month,
    evidence.opportunity_id,
    evidence.order_date,
    evidence.asked_date,
    evidence.first_promised_date,
    evidence.ordered_value,
    evidence.gap_value,
    evidence.late_days,
    evidence.lead_time_days,
    evidence.is_inside_lead_time,
    evidence.is_not_seen_coming,
    evidence.is_without_room,
    evidence.reason is not null as is_reason_given,
    evidence.is_hot,
    case
        when evidence.is_inside_lead_time then 'promised inside lead time'
        when evidence.is_not_seen_coming then 'not seen coming'
        when evidence.is_without_room then 'no room in the plan'
        when evidence.reason is not null then 'reason given'
        else 'not explained'
    end as cause,
    evidence.full_work_centre_id,
    evidence.full_month,
    evidence.load_hours,
    evidence.available_hours,
    evidence.reason,
    coalesce(evidence.waiting_on, 'unknown') as waiting_on
from evidence
order by evidence.customer_id, evidence.promise_month, evidence.order_id, evidence.line_number
