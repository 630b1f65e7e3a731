-- One row per cause of broken promises, in the order of the handover: how many it leads, and in how many there is evidence of it.
-- For the months from $first_month to $last_month, of $customer where one is given.
with sums as (
    select
        sum(cause_months.inside_lead_time_count) as inside_lead_time_count,
        sum(cause_months.not_seen_coming_count) as not_seen_coming_count,
        sum(cause_months.without_room_count) as without_room_count,
        sum(cause_months.reason_given_count) as reason_given_count,
        sum(case when cause_months.cause = 'not explained' then cause_months.broken_count else 0 end) as not_explained_count
    from marts.cause_months as cause_months
    where
        cause_months.customer_id = coalesce($customer, cause_months.customer_id)
        and cause_months.month >= coalesce(cast($first_month as date), cause_months.month)
        and cause_months.month <= coalesce(cast($last_month as date), cause_months.month)
),

led as (
    select
        cause_months.cause,
        sum(cause_months.broken_count) as broken_count,
        sum(cause_months.gap_value) as gap_value
    from marts.cause_months as cause_months
    where
        cause_months.customer_id = coalesce($customer, cause_months.customer_id)
        and cause_months.month >= coalesce(cast($first_month as date), cause_months.month)
        and cause_months.month <= coalesce(cast($last_month as date), cause_months.month)
    group by cause_months.cause
),

kinds as (
    select
        1 as place,
        'promised inside lead time' as cause,
        'ask to promise' as handover,
        sums.inside_lead_time_count as evidence_count
    from sums
    union all
    select
        2 as place,
        'not seen coming' as cause,
        'ask to promise' as handover,
        sums.not_seen_coming_count as evidence_count
    from sums
    union all
    select
        3 as place,
        'no room in the plan' as cause,
        'promise to plan' as handover,
        sums.without_room_count as evidence_count
    from sums
    union all
    select
        4 as place,
        'reason given' as cause,
        'plan to delivery' as handover,
        sums.reason_given_count as evidence_count
    from sums
    union all
    select
        5 as place,
        'not explained' as cause,
        'plan to delivery' as handover,
        sums.not_explained_count as evidence_count
    from sums
)

select
    kinds.cause,
    kinds.handover,
    cast(coalesce(led.broken_count, 0) as bigint) as broken_count,
    cast(coalesce(kinds.evidence_count, 0) as bigint) as evidence_count,
    cast(coalesce(led.gap_value, 0) as decimal(38, 2)) as gap_value
from kinds
left join led
    on kinds.cause = led.cause
order by kinds.place
