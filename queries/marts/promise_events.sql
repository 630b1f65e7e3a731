-- One row per change of a promise: the order line, the date before and after, who moved it and when we first saw it.
-- Carried from snapshot to snapshot, since no ERP keeps this history. The moves of a line add up from the first
-- promise ever seen to the promise of today.
with known_moves as (
    select
        promise_events.order_id,
        promise_events.line_number,
        max(promise_events.event_number) as event_count,
        sum(promise_events.moved_days) as moved_days
    from previous.promise_events as promise_events
    group by promise_events.order_id, promise_events.line_number
),

lines_ever_seen as (
    select
        order_lines.order_id,
        order_lines.line_number,
        order_lines.promised_date
    from previous.order_lines as order_lines
    union all
    select
        lines_gone.order_id,
        lines_gone.line_number,
        lines_gone.promised_date
    from previous.lines_gone as lines_gone
),

lines_before as (
    select
        lines_ever_seen.order_id,
        lines_ever_seen.line_number,
        lines_ever_seen.promised_date,
        coalesce(known_moves.event_count, 0) as event_count,
        cast(
            lines_ever_seen.promised_date - cast(coalesce(known_moves.moved_days, 0) as integer) as date
        ) as first_seen_date
    from lines_ever_seen
    left join known_moves
        on
            lines_ever_seen.order_id = known_moves.order_id
            and lines_ever_seen.line_number = known_moves.line_number
),

lines_compared as (
    select
        order_lines.order_id,
        order_lines.line_number,
        order_lines.promised_date,
        order_lines.first_promised_date as stated_date,
        case when order_lines.promise_moved_by in ('us', 'customer') then order_lines.promise_moved_by end as stated_by,
        case when order_lines.promise_moved_by = 'customer' then 'customer' else 'us' end as moved_by,
        coalesce(lines_before.promised_date, order_lines.promised_date) as promised_before_date,
        coalesce(lines_before.first_seen_date, order_lines.promised_date) as first_seen_date,
        coalesce(lines_before.event_count, 0) as event_count,
        lines_before.order_id is null as is_new
    from extracts.order_lines as order_lines
    left join lines_before
        on
            order_lines.order_id = lines_before.order_id
            and order_lines.line_number = lines_before.line_number
),

moves_before_we_looked as (
    select
        lines_compared.order_id,
        lines_compared.line_number,
        lines_compared.event_count + 1 as event_number,
        lines_compared.stated_date as moved_from_date,
        lines_compared.first_seen_date as moved_to_date,
        case
            when lines_compared.promised_date = lines_compared.promised_before_date then lines_compared.moved_by
            else 'us'
        end as moved_by,
        cast(null as varchar) as reason
    from lines_compared
    where
        lines_compared.stated_date < lines_compared.first_seen_date
        or (lines_compared.is_new and lines_compared.stated_date > lines_compared.first_seen_date)
),

moves_since_last_snapshot as (
    select
        lines_compared.order_id,
        lines_compared.line_number,
        lines_compared.event_count + 2 as event_number,
        lines_compared.promised_before_date as moved_from_date,
        lines_compared.promised_date as moved_to_date,
        lines_compared.moved_by,
        cast(null as varchar) as reason
    from lines_compared
    where lines_compared.promised_date <> lines_compared.promised_before_date
),

moves_said_to_be_of_the_other as (
    select
        promise_events.order_id,
        promise_events.line_number,
        promise_events.event_number,
        promise_events.moved_from_date,
        promise_events.moved_to_date,
        promise_events.moved_by,
        lines_compared.stated_by
    from lines_compared
    inner join previous.promise_events as promise_events
        on
            lines_compared.order_id = promise_events.order_id
            and lines_compared.line_number = promise_events.line_number
            and lines_compared.event_count = promise_events.event_number
    where
        lines_compared.promised_date = lines_compared.promised_before_date
        and lines_compared.stated_by <> promise_events.moved_by
        and coalesce(lines_compared.stated_date >= lines_compared.first_seen_date, true)
),

corrections as (
    select
        moves_said_to_be_of_the_other.order_id,
        moves_said_to_be_of_the_other.line_number,
        moves_said_to_be_of_the_other.event_number + 1 as event_number,
        moves_said_to_be_of_the_other.moved_to_date as moved_from_date,
        moves_said_to_be_of_the_other.moved_from_date as moved_to_date,
        moves_said_to_be_of_the_other.moved_by,
        'taken back: the extract now says who moved it' as reason
    from moves_said_to_be_of_the_other
    union all
    select
        moves_said_to_be_of_the_other.order_id,
        moves_said_to_be_of_the_other.line_number,
        moves_said_to_be_of_the_other.event_number + 2 as event_number,
        moves_said_to_be_of_the_other.moved_from_date,
        moves_said_to_be_of_the_other.moved_to_date,
        moves_said_to_be_of_the_other.stated_by as moved_by,
        'as the extract now says' as reason
    from moves_said_to_be_of_the_other
),

new_moves as (
    select * from moves_before_we_looked
    union all
    select * from moves_since_last_snapshot
    union all
    select * from corrections
)

select
    promise_events.order_id,
    promise_events.line_number,
    promise_events.event_number,
    promise_events.moved_from_date,
    promise_events.moved_to_date,
    promise_events.moved_days,
    promise_events.moved_by,
    promise_events.seen_date,
    promise_events.reason
from previous.promise_events as promise_events
union all
select
    new_moves.order_id,
    new_moves.line_number,
    cast(new_moves.event_number as integer) as event_number,
    new_moves.moved_from_date,
    new_moves.moved_to_date,
    cast(date_diff('day', new_moves.moved_from_date, new_moves.moved_to_date) as integer) as moved_days,
    new_moves.moved_by,
    snapshot.as_of_date as seen_date,
    new_moves.reason
from new_moves
cross join snapshot
