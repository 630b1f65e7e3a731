-- One row per order line of a decision in force: what was decided, what the snapshot says now, and what became of the promise.
-- A line is kept where it was complete by the date decided, the company's tolerance allowed; cancelled lines and lines that are no
-- longer in the extracts are neither kept nor broken. A promise was moved again where the order system says a date that is neither
-- the one before the decision nor the one decided. A decision that a later one corrects is not in force.
with decisions_in_force as (
    select
        logged_decisions.id as decision_id,
        logged_decisions.as_of_date as decided_as_of_date
    from logged_decisions
    left join logged_decisions as corrections
        on logged_decisions.id = corrections.replaces
    where corrections.id is null
),

lines_in_force as (
    select
        decisions_in_force.decision_id,
        decisions_in_force.decided_as_of_date,
        logged_lines.order_id,
        logged_lines.line_number,
        logged_lines.customer_id,
        logged_lines.product_id,
        logged_lines.promised_date as promised_before_date,
        logged_lines.new_promised_date,
        case when logged_lines.is_kept then logged_lines.promised_date else logged_lines.new_promised_date end as decided_promise_date,
        logged_lines.is_kept as is_to_keep,
        logged_lines.imposed_days,
        logged_lines.late_quantity,
        logged_lines.late_value
    from logged_lines
    inner join decisions_in_force
        on logged_lines.decision_id = decisions_in_force.decision_id
),

lines_beside_the_ledger as (
    select
        lines_in_force.*,
        promises.order_id is null as is_gone,
        coalesce(promises.is_cancelled, false) as is_cancelled,
        promises.promised_date as promised_now_date,
        promises.completed_date,
        coalesce(promises.open_quantity, 0) as open_quantity,
        promises.open_value,
        snapshot.as_of_date,
        coalesce(
            date_diff('day', lines_in_force.decided_promise_date, promises.completed_date) <= snapshot.days_late_allowed, false
        ) as is_complete_in_time,
        coalesce(
            date_diff('day', lines_in_force.decided_promise_date, snapshot.as_of_date) >= snapshot.days_late_allowed, false
        ) as is_due,
        coalesce(promises.promised_date <> lines_in_force.promised_before_date, false)
        and coalesce(promises.promised_date <> lines_in_force.decided_promise_date, true) as is_moved_again
    from lines_in_force
    cross join snapshot
    left join marts.promises as promises
        on
            lines_in_force.order_id = promises.order_id
            and lines_in_force.line_number = promises.line_number
)

select
    lines_beside_the_ledger.*,
    case
        when lines_beside_the_ledger.is_gone then 'no longer in the extracts'
        when lines_beside_the_ledger.is_cancelled then 'cancelled'
        when lines_beside_the_ledger.decided_promise_date is null and lines_beside_the_ledger.completed_date is not null
            then 'delivered without a date'
        when lines_beside_the_ledger.decided_promise_date is null then 'no date decided'
        when lines_beside_the_ledger.is_complete_in_time then 'kept'
        when lines_beside_the_ledger.is_due then 'not kept'
        when lines_beside_the_ledger.completed_date is not null then 'not kept'
        else 'not due yet'
    end as state,
    case
        when lines_beside_the_ledger.is_moved_again
            then date_diff(
                'day',
                coalesce(lines_beside_the_ledger.decided_promise_date, lines_beside_the_ledger.promised_before_date),
                lines_beside_the_ledger.promised_now_date
            )
    end as moved_again_days
from lines_beside_the_ledger
