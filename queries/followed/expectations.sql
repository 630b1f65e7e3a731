-- One row per expectation of a decision in force: what is seen, for the day it was expected by or the day of the extracts where that
-- is earlier, and whether it was kept, kept in part or not kept. In part: a share of at least half of what was expected, a gap of at
-- most twice of it, fewer lines waiting than on the day of the decision. Promises that fall due are those between the day of the
-- decision and that day, of the customer or of all customers of the decision. Where none fell due, nothing is said.
with days_looked_at as (
    select
        logged_expectations.id as expectation_id,
        logged_expectations.decision_id,
        logged_expectations.measure,
        logged_expectations.customer_id,
        logged_expectations.expected,
        logged_expectations.due_date,
        decisions.as_of_date as decided_as_of_date,
        least(logged_expectations.due_date, snapshot.as_of_date) as seen_date,
        logged_expectations.due_date > snapshot.as_of_date as is_ahead,
        snapshot.days_late_allowed
    from logged_expectations
    cross join snapshot
    inner join logged_decisions as decisions
        on logged_expectations.decision_id = decisions.id
    left join logged_decisions as corrections
        on logged_expectations.decision_id = corrections.replaces
    where corrections.id is null
),

customers_looked_at as (
    select
        days_looked_at.*,
        logged_customers.customer_id as looked_at_customer_id
    from days_looked_at
    inner join logged_customers
        on
            days_looked_at.decision_id = logged_customers.decision_id
            and logged_customers.customer_id = coalesce(days_looked_at.customer_id, logged_customers.customer_id)
),

promises_looked_at as (
    select
        customers_looked_at.expectation_id,
        promises.is_kept,
        promises.gap_value,
        date_diff('day', promises.first_promised_date, customers_looked_at.seen_date)
        >= customers_looked_at.days_late_allowed
        and promises.first_promised_date > customers_looked_at.decided_as_of_date as has_fallen_due,
        date_diff('day', promises.first_promised_date, customers_looked_at.seen_date)
        >= customers_looked_at.days_late_allowed
        and coalesce(promises.completed_date > customers_looked_at.seen_date, true) as is_waiting,
        date_diff('day', promises.first_promised_date, customers_looked_at.decided_as_of_date)
        >= customers_looked_at.days_late_allowed
        and coalesce(promises.completed_date > customers_looked_at.decided_as_of_date, true) as was_waiting
    from customers_looked_at
    inner join marts.promises as promises
        on customers_looked_at.looked_at_customer_id = promises.customer_id
    where not promises.is_cancelled
),

sums_of_promises as (
    select
        promises_looked_at.expectation_id,
        count(*) filter (where promises_looked_at.has_fallen_due) as due_count,
        count(*) filter (where promises_looked_at.has_fallen_due and promises_looked_at.is_kept) as kept_count,
        sum(case when promises_looked_at.has_fallen_due then promises_looked_at.gap_value else 0 end) as gap_value,
        count(*) filter (where promises_looked_at.is_waiting) as waiting_count,
        count(*) filter (where promises_looked_at.was_waiting) as waited_count
    from promises_looked_at
    group by promises_looked_at.expectation_id
),

sums_of_decided_lines as (
    select
        days_looked_at.expectation_id,
        count(*) filter (where followed_lines.is_complete_in_time) as kept_count,
        count(*) as due_count
    from days_looked_at
    inner join followed_lines
        on
            days_looked_at.decision_id = followed_lines.decision_id
            and followed_lines.customer_id = coalesce(days_looked_at.customer_id, followed_lines.customer_id)
            and date_diff('day', followed_lines.decided_promise_date, days_looked_at.seen_date) >= days_looked_at.days_late_allowed
    where not followed_lines.is_gone and not followed_lines.is_cancelled
    group by days_looked_at.expectation_id
),

figures_seen as (
    select
        days_looked_at.*,
        days_looked_at.measure in ('promises kept', 'decided promises kept') as is_share,
        case days_looked_at.measure
            when 'promises kept'
                then cast(sums_of_promises.kept_count as double) / nullif(sums_of_promises.due_count, 0)
            when 'decided promises kept'
                then cast(sums_of_decided_lines.kept_count as double) / nullif(sums_of_decided_lines.due_count, 0)
            when 'lines waiting' then cast(coalesce(sums_of_promises.waiting_count, 0) as double)
            when 'gap' then cast(coalesce(sums_of_promises.gap_value, 0) as double)
        end as seen,
        case days_looked_at.measure
            when 'lines waiting' then cast(coalesce(sums_of_promises.waited_count, 0) as double)
        end as seen_before
    from days_looked_at
    left join sums_of_promises
        on days_looked_at.expectation_id = sums_of_promises.expectation_id
    left join sums_of_decided_lines
        on days_looked_at.expectation_id = sums_of_decided_lines.expectation_id
)

select
    figures_seen.expectation_id,
    figures_seen.decision_id,
    figures_seen.measure,
    figures_seen.customer_id,
    figures_seen.expected,
    figures_seen.due_date,
    figures_seen.seen,
    figures_seen.seen_date,
    case
        when figures_seen.is_ahead then 'not yet due'
        when figures_seen.seen is null then 'nothing fell due'
        when figures_seen.is_share and figures_seen.seen >= figures_seen.expected then 'kept'
        when not figures_seen.is_share and figures_seen.seen <= figures_seen.expected then 'kept'
        when figures_seen.is_share and figures_seen.seen * 2 >= figures_seen.expected then 'partly kept'
        when figures_seen.measure = 'gap' and figures_seen.seen <= figures_seen.expected * 2 then 'partly kept'
        when figures_seen.measure = 'lines waiting' and figures_seen.seen < figures_seen.seen_before then 'partly kept'
        else 'not kept'
    end as state
from figures_seen
