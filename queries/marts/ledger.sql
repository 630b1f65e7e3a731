-- One row per order line: what of the promise ledger is written down; marts/promises says from it all that is said of a line.
-- Sorted by customer and promise, so that one customer is read without the others. Dates stand as days from the first promise, which
-- take a fraction of the bytes there: below 0 before it, empty where there is no such date. What is left of a delivery that came after
-- the promise stands beside what came in all, since most lines have none.
-- The extract's own columns are all in it, so that the order lines need not be kept beside it (fill/order_lines_kept).
-- It is the one mart whose speed is felt: a line is known by its place among the extract's rows instead of by two texts, most
-- lines have one delivery and are judged without adding up, and decimals are multiplied in 18 digits wherever they fit.
with moves_added_up as (
    select
        promise_events.order_id,
        promise_events.line_number,
        count(*) as move_count,
        sum(promise_events.moved_days) as moved_days,
        sum(case when promise_events.moved_by = 'customer' then promise_events.moved_days else 0 end) as moved_by_customer_days,
        max(case when promise_events.moved_by = 'customer' then promise_events.event_number end) as last_customer_event_number
    from marts.promise_events as promise_events
    group by promise_events.order_id, promise_events.line_number
),

moves_by_line as (
    select
        moves_added_up.order_id,
        moves_added_up.line_number,
        moves_added_up.move_count,
        cast(moves_added_up.moved_days as integer) as moved_days,
        cast(moves_added_up.moved_by_customer_days as integer) as moved_by_customer_days,
        promise_events.moved_to_date as customer_moved_to_date
    from moves_added_up
    left join marts.promise_events as promise_events
        on
            moves_added_up.order_id = promise_events.order_id
            and moves_added_up.line_number = promise_events.line_number
            and moves_added_up.last_customer_event_number = promise_events.event_number
),

lines_with_first_promise as not materialized (
    select
        order_lines.rowid as line_key,
        order_lines.order_id,
        order_lines.line_number,
        order_lines.customer_id,
        order_lines.product_id,
        order_lines.opportunity_id,
        order_lines.order_date,
        order_lines.requested_date,
        order_lines.promised_date,
        order_lines.quantity,
        order_lines.unit_price,
        order_lines.currency,
        order_lines.first_promised_date as stated_first_promised_date,
        order_lines.promise_moved_by,
        coalesce(order_lines.status, 'open') as status,
        coalesce(moves_by_line.move_count, 0) as move_count,
        coalesce(moves_by_line.moved_days, 0) as moved_days,
        coalesce(moves_by_line.moved_by_customer_days, 0) as moved_by_customer_days,
        cast(order_lines.promised_date - coalesce(moves_by_line.moved_days, 0) as date) as original_promised_date,
        moves_by_line.customer_moved_to_date
    from extracts.order_lines as order_lines
    left join moves_by_line
        on
            order_lines.order_id = moves_by_line.order_id
            and order_lines.line_number = moves_by_line.line_number
),

lines_with_measures as not materialized (
    select
        lines_with_first_promise.*,
        coalesce(
            lines_with_first_promise.customer_moved_to_date, lines_with_first_promise.original_promised_date
        ) as first_promised_date,
        snapshot.as_of_date,
        snapshot.days_late_allowed,
        -coalesce(snapshot.days_early_allowed, 36500) as earliest_days,
        case
            when cast(snapshot.quantity_tolerance as double) = 0 then lines_with_first_promise.quantity
            when lines_with_first_promise.quantity < 1000000
                then cast(
                    cast(lines_with_first_promise.quantity as decimal(9, 3))
                    * cast(1 - cast(snapshot.quantity_tolerance as double) as decimal(9, 6)) as decimal(18, 3)
                )
            else cast(
                cast(lines_with_first_promise.quantity as decimal(38, 3))
                * cast(1 - cast(snapshot.quantity_tolerance as double) as decimal(9, 6)) as decimal(18, 3)
            )
        end as enough_quantity,
        -customers.early_days as own_earliest_days,
        customers.late_days as own_late_days,
        case
            when customers.tolerance_rate = 0 then lines_with_first_promise.quantity
            when lines_with_first_promise.quantity < 1000000
                then cast(
                    cast(lines_with_first_promise.quantity as decimal(9, 3))
                    * cast(1 - cast(customers.tolerance_rate as double) as decimal(9, 6)) as decimal(18, 3)
                )
            else cast(
                cast(lines_with_first_promise.quantity as decimal(38, 3))
                * cast(1 - cast(customers.tolerance_rate as double) as decimal(9, 6)) as decimal(18, 3)
            )
        end as own_enough_quantity,
        case
            when customers.measured_on = 'request' then lines_with_first_promise.requested_date
            when customers.measured_on = 'current promise' then lines_with_first_promise.promised_date
            else coalesce(
                lines_with_first_promise.customer_moved_to_date, lines_with_first_promise.original_promised_date
            )
        end as own_measured_date
    from lines_with_first_promise
    cross join snapshot
    inner join marts.customers as customers
        on lines_with_first_promise.customer_id = customers.customer_id
),

deliveries_of_lines as (
    select
        order_lines.rowid as line_key,
        coalesce(deliveries.delivered_date, deliveries.shipped_date) as delivered_date,
        deliveries.quantity
    from extracts.deliveries as deliveries
    cross join snapshot
    inner join extracts.order_lines as order_lines
        on
            deliveries.order_id = order_lines.order_id
            and deliveries.line_number = order_lines.line_number
    where coalesce(deliveries.delivered_date, deliveries.shipped_date) <= snapshot.as_of_date
),

deliveries_by_line as (
    select
        deliveries_of_lines.line_key,
        count(*) as delivery_count,
        sum(deliveries_of_lines.quantity) as delivered_quantity,
        min(deliveries_of_lines.delivered_date) as first_delivered_date
    from deliveries_of_lines
    group by deliveries_of_lines.line_key
),

deliveries_of_split_lines as (
    select
        deliveries_of_lines.line_key,
        deliveries_of_lines.delivered_date,
        sum(deliveries_of_lines.quantity) as quantity
    from deliveries_of_lines
    inner join deliveries_by_line
        on deliveries_of_lines.line_key = deliveries_by_line.line_key
    where deliveries_by_line.delivery_count > 1
    group by deliveries_of_lines.line_key, deliveries_of_lines.delivered_date
),

split_lines as (
    select
        deliveries_of_split_lines.line_key,
        deliveries_of_split_lines.delivered_date,
        deliveries_of_split_lines.quantity,
        sum(deliveries_of_split_lines.quantity) over (
            partition by deliveries_of_split_lines.line_key
            order by deliveries_of_split_lines.delivered_date
            rows between unbounded preceding and current row
        ) as running_quantity,
        date_diff('day', lines_with_measures.first_promised_date, deliveries_of_split_lines.delivered_date) as after_first_days,
        date_diff('day', lines_with_measures.requested_date, deliveries_of_split_lines.delivered_date) as after_request_days,
        date_diff('day', lines_with_measures.promised_date, deliveries_of_split_lines.delivered_date) as after_current_days,
        date_diff('day', lines_with_measures.own_measured_date, deliveries_of_split_lines.delivered_date) as after_own_days,
        lines_with_measures.days_late_allowed,
        lines_with_measures.earliest_days,
        lines_with_measures.own_late_days,
        lines_with_measures.own_earliest_days,
        lines_with_measures.enough_quantity
    from deliveries_of_split_lines
    inner join lines_with_measures
        on deliveries_of_split_lines.line_key = lines_with_measures.line_key
),

split_lines_added_up as (
    select
        split_lines.line_key,
        min(case when running_quantity >= enough_quantity then delivered_date end) as completed_date,
        sum(case when after_first_days <= days_late_allowed then quantity else 0 end) as by_promise_quantity,
        sum(
            case when after_first_days between earliest_days and days_late_allowed then quantity else 0 end
        ) as on_first_quantity,
        sum(
            case when after_request_days between earliest_days and days_late_allowed then quantity else 0 end
        ) as on_request_quantity,
        sum(
            case when after_current_days between earliest_days and days_late_allowed then quantity else 0 end
        ) as on_current_quantity,
        sum(
            case when after_own_days between own_earliest_days and own_late_days then quantity else 0 end
        ) as on_own_quantity,
        sum(
            case when after_first_days between earliest_days and 0 then quantity else 0 end
        ) as strictly_by_first_quantity,
        sum(
            case when after_request_days between earliest_days and 0 then quantity else 0 end
        ) as strictly_by_request_quantity
    from split_lines
    group by split_lines.line_key
),

lines_with_deliveries as (
    select
        lines_with_measures.*,
        deliveries_by_line.delivered_quantity,
        case when deliveries_by_line.delivery_count = 1 then deliveries_by_line.first_delivered_date end as single_date,
        case when deliveries_by_line.delivery_count = 1 then deliveries_by_line.delivered_quantity end as single_quantity,
        split_lines_added_up.completed_date as split_completed_date,
        split_lines_added_up.by_promise_quantity,
        split_lines_added_up.on_first_quantity,
        split_lines_added_up.on_request_quantity,
        split_lines_added_up.on_current_quantity,
        split_lines_added_up.on_own_quantity,
        split_lines_added_up.strictly_by_first_quantity,
        split_lines_added_up.strictly_by_request_quantity
    from lines_with_measures
    left join deliveries_by_line
        on lines_with_measures.line_key = deliveries_by_line.line_key
    left join split_lines_added_up
        on lines_with_measures.line_key = split_lines_added_up.line_key
),

deliveries_against_dates as (
    select
        lines_with_deliveries.*,
        cast(coalesce(delivered_quantity, 0) as decimal(38, 3)) as all_delivered_quantity,
        date_diff('day', first_promised_date, single_date) as after_first_days,
        date_diff('day', requested_date, single_date) as after_request_days,
        date_diff('day', promised_date, single_date) as after_current_days,
        date_diff('day', own_measured_date, single_date) as after_own_days,
        date_diff('day', first_promised_date, as_of_date) as since_first_days,
        status = 'cancelled' as is_cancelled
    from lines_with_deliveries
),

lines_in_time as (
    select
        deliveries_against_dates.*,
        coalesce(
            split_completed_date,
            case
                when single_quantity >= enough_quantity then single_date
                when enough_quantity <= 0 then least(first_promised_date, as_of_date)
            end
        ) as completed_date,
        cast(
            least(
                coalesce(by_promise_quantity, case when after_first_days <= days_late_allowed then single_quantity end, 0),
                quantity
            ) as decimal(18, 3)
        ) as delivered_by_promise_quantity,
        coalesce(
            on_first_quantity,
            case when after_first_days between earliest_days and days_late_allowed then single_quantity end,
            0
        ) >= enough_quantity as is_full_on_first,
        coalesce(
            on_request_quantity,
            case when after_request_days between earliest_days and days_late_allowed then single_quantity end,
            0
        ) >= enough_quantity as is_full_on_request,
        coalesce(
            on_current_quantity,
            case when after_current_days between earliest_days and days_late_allowed then single_quantity end,
            0
        ) >= enough_quantity as is_full_on_current,
        coalesce(
            on_own_quantity,
            case when after_own_days between own_earliest_days and own_late_days then single_quantity end,
            0
        ) >= own_enough_quantity as is_full_on_own,
        coalesce(
            strictly_by_first_quantity,
            case when after_first_days between earliest_days and 0 then single_quantity end,
            0
        ) >= quantity as is_full_strictly_by_first,
        coalesce(
            strictly_by_request_quantity,
            case when after_request_days between earliest_days and 0 then single_quantity end,
            0
        ) >= quantity as is_full_strictly_by_request,
        since_first_days >= days_late_allowed as is_past_first_promise,
        date_diff('day', requested_date, as_of_date) >= days_late_allowed as is_past_request,
        date_diff('day', promised_date, as_of_date) >= days_late_allowed as is_past_current_promise,
        date_diff('day', own_measured_date, as_of_date) >= own_late_days as is_past_own_date
    from deliveries_against_dates
),

lines_judged as (
    select
        lines_in_time.*,
        not is_cancelled and is_past_first_promise as is_due,
        not is_cancelled and is_past_first_promise and is_full_on_first as is_kept,
        not is_cancelled and is_past_first_promise and coalesce(is_past_request, false) as is_due_to_request,
        not is_cancelled and is_past_first_promise and is_past_current_promise as is_due_to_current,
        not is_cancelled and coalesce(is_past_own_date, false) as is_due_to_own,
        not is_cancelled and is_past_first_promise and completed_date is null as is_overdue
    from lines_in_time
),

lines_with_families as (
    select
        lines_judged.*,
        coalesce(products.product_family, 'no family') as product_family
    from lines_judged
    left join extracts.products as products
        on lines_judged.product_id = products.product_id
)

select
    order_id,
    line_number,
    customer_id,
    product_id,
    product_family,
    opportunity_id,
    first_promised_date,
    cast(date_trunc('month', first_promised_date) as date) as promise_month,
    cast(date_diff('day', first_promised_date, order_date) as integer) as order_offset_days,
    cast(date_diff('day', first_promised_date, requested_date) as integer) as request_offset_days,
    cast(date_diff('day', first_promised_date, original_promised_date) as integer) as original_offset_days,
    cast(date_diff('day', first_promised_date, promised_date) as integer) as promise_offset_days,
    cast(date_diff('day', first_promised_date, completed_date) as integer) as completed_offset_days,
    cast(date_diff('day', first_promised_date, own_measured_date) as integer) as own_offset_days,
    cast(date_diff('day', first_promised_date, stated_first_promised_date) as integer) as stated_offset_days,
    as_of_date,
    status,
    quantity as ordered_quantity,
    all_delivered_quantity as delivered_quantity,
    cast(least(all_delivered_quantity, quantity) - delivered_by_promise_quantity as decimal(38, 3)) as delivered_after_quantity,
    unit_price,
    currency,
    is_cancelled,
    is_due,
    is_kept,
    is_due_to_request,
    is_due_to_request and is_full_on_request as is_kept_to_request,
    is_due_to_current,
    is_due_to_current and is_full_on_current as is_kept_to_current,
    is_due_to_own,
    is_due_to_own and is_full_on_own as is_kept_to_own,
    is_due and is_full_strictly_by_first as is_kept_strictly,
    is_due_to_request and is_full_strictly_by_request as is_kept_to_request_strictly,
    is_cancelled and is_past_first_promise as is_cancelled_past_promise,
    is_overdue,
    move_count,
    moved_days,
    moved_by_customer_days,
    promise_moved_by
from lines_with_families
order by customer_id, first_promised_date
