-- One row per cause of broken promises, in the order of the handover: how many it leads, and in how many there is evidence of it.
-- For the months from $first_month to $last_month, of $customer where one is given.
with sums as (
    select
        cause_months.cause,
        sum(cause_months.broken_count) as broken_count,
        sum(cause_months.gap_value) as gap_value,
        sum(cause_months.inside_lead_time_count) as inside_lead_time_count,
        sum(cause_months.not_seen_coming_count) as not_seen_coming_count,
        sum(cause_months.without_room_count) as without_room_count,
        sum(cause_months.reason_given_count) as reason_given_count
    from marts.cause_months as cause_months
    where
        cause_months.customer_id = coalesce($customer, cause_months.customer_id)
        and cause_months.month >= coalesce(cast($first_month as date), cause_months.month)
        and cause_months.month <= coalesce(cast($last_month as date), cause_months.month)
    group by cause_months.cause
),

kinds as (
    select
        kinds.place,
        kinds.cause,
        kinds.handover
    from (
        values
        (1, 'promised inside lead time', 'ask to promise'),
        (2, 'not seen coming', 'ask to promise'),
        (3, 'no room in the plan', 'promise to plan'),
        (4, 'reason given', 'plan to delivery'),
        (5, 'not explained', 'plan to delivery')
    ) as kinds (place, cause, handover)
),

evidence as (
    select
        sum(sums.inside_lead_time_count) as inside_lead_time_count,
        sum(sums.not_seen_coming_count) as not_seen_coming_count,
        sum(sums.without_room_count) as without_room_count,
        sum(sums.reason_given_count) as reason_given_count
    from sums
)

select
    kinds.cause,
    kinds.handover,
    cast(coalesce(sums.broken_count, 0) as bigint) as broken_count,
    cast(
        coalesce(
            case kinds.place
                when 1 then evidence.inside_lead_time_count
                when 2 then evidence.not_seen_coming_count
                when 3 then evidence.without_room_count
                when 4 then evidence.reason_given_count
                else sums.broken_count
            end,
            0
        ) as bigint
    ) as evidence_count,
    cast(coalesce(sums.gap_value, 0) as decimal(38, 2)) as gap_value
from kinds
cross join evidence
left join sums
    on kinds.cause = sums.cause
order by kinds.place
