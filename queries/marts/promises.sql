-- One row per order line, the promise ledger: what was asked, promised and delivered, whether it was kept, and how late it was.
-- Sorted by customer and promise, so that one customer is read without the others.
-- "Kept" means on time and in full; its bare name is measured to the first promise with the company's tolerances.
with moves_by_line as (
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

dates_the_customer_moved_to as (
    select
        moves_by_line.order_id,
        moves_by_line.line_number,
        promise_events.moved_to_date
    from moves_by_line
    inner join marts.promise_events as promise_events
        on
            moves_by_line.order_id = promise_events.order_id
            and moves_by_line.line_number = promise_events.line_number
            and moves_by_line.last_customer_event_number = promise_events.event_number
),

lines_with_first_promise as (
    select
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
        coalesce(order_lines.status, 'open') as status,
        coalesce(moves_by_line.move_count, 0) as move_count,
        cast(coalesce(moves_by_line.moved_days, 0) as integer) as moved_days,
        cast(coalesce(moves_by_line.moved_by_customer_days, 0) as integer) as moved_by_customer_days,
        cast(
            order_lines.promised_date - cast(coalesce(moves_by_line.moved_days, 0) as integer) as date
        ) as original_promised_date,
        dates_the_customer_moved_to.moved_to_date as customer_moved_to_date
    from extracts.order_lines as order_lines
    left join moves_by_line
        on
            order_lines.order_id = moves_by_line.order_id
            and order_lines.line_number = moves_by_line.line_number
    left join dates_the_customer_moved_to
        on
            order_lines.order_id = dates_the_customer_moved_to.order_id
            and order_lines.line_number = dates_the_customer_moved_to.line_number
),

lines_with_measures as (
    select
        lines_with_first_promise.*,
        coalesce(
            lines_with_first_promise.customer_moved_to_date, lines_with_first_promise.original_promised_date
        ) as first_promised_date,
        snapshot.as_of_date,
        snapshot.days_late_allowed,
        coalesce(snapshot.days_early_allowed, 36500) as days_early_allowed,
        cast(
            cast(lines_with_first_promise.quantity as decimal(38, 3))
            * cast(1 - cast(snapshot.quantity_tolerance as double) as decimal(9, 6)) as decimal(18, 3)
        ) as enough_quantity,
        customers.early_days as own_early_days,
        customers.late_days as own_late_days,
        cast(
            cast(lines_with_first_promise.quantity as decimal(38, 3))
            * cast(1 - cast(customers.tolerance_rate as double) as decimal(9, 6)) as decimal(18, 3)
        ) as own_enough_quantity,
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

deliveries_dated as (
    select
        deliveries.order_id,
        deliveries.line_number,
        coalesce(deliveries.delivered_date, deliveries.shipped_date) as delivered_date,
        deliveries.quantity
    from extracts.deliveries as deliveries
    cross join snapshot
    where coalesce(deliveries.delivered_date, deliveries.shipped_date) <= snapshot.as_of_date
),

deliveries_against_dates as (
    select
        deliveries_dated.order_id,
        deliveries_dated.line_number,
        deliveries_dated.quantity,
        deliveries_dated.delivered_date,
        date_diff('day', lines_with_measures.first_promised_date, deliveries_dated.delivered_date) as after_first_days,
        date_diff('day', lines_with_measures.requested_date, deliveries_dated.delivered_date) as after_request_days,
        date_diff('day', lines_with_measures.promised_date, deliveries_dated.delivered_date) as after_current_days,
        date_diff('day', lines_with_measures.own_measured_date, deliveries_dated.delivered_date) as after_own_days,
        lines_with_measures.days_late_allowed,
        -lines_with_measures.days_early_allowed as earliest_days,
        lines_with_measures.own_late_days,
        -lines_with_measures.own_early_days as own_earliest_days
    from deliveries_dated
    inner join lines_with_measures
        on
            deliveries_dated.order_id = lines_with_measures.order_id
            and deliveries_dated.line_number = lines_with_measures.line_number
),

deliveries_by_line as (
    select
        deliveries_against_dates.order_id,
        deliveries_against_dates.line_number,
        count(*) as delivery_count,
        sum(deliveries_against_dates.quantity) as delivered_quantity,
        min(deliveries_against_dates.delivered_date) as first_delivered_date,
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
    from deliveries_against_dates
    group by deliveries_against_dates.order_id, deliveries_against_dates.line_number
),

deliveries_of_split_lines as (
    select
        deliveries_dated.order_id,
        deliveries_dated.line_number,
        deliveries_dated.delivered_date,
        sum(deliveries_dated.quantity) as quantity
    from deliveries_dated
    inner join deliveries_by_line
        on
            deliveries_dated.order_id = deliveries_by_line.order_id
            and deliveries_dated.line_number = deliveries_by_line.line_number
    where deliveries_by_line.delivery_count > 1
    group by deliveries_dated.order_id, deliveries_dated.line_number, deliveries_dated.delivered_date
),

running_deliveries as (
    select
        deliveries_of_split_lines.order_id,
        deliveries_of_split_lines.line_number,
        deliveries_of_split_lines.delivered_date,
        sum(deliveries_of_split_lines.quantity) over (
            partition by deliveries_of_split_lines.order_id, deliveries_of_split_lines.line_number
            order by deliveries_of_split_lines.delivered_date
            rows between unbounded preceding and current row
        ) as running_quantity
    from deliveries_of_split_lines
),

completions_of_split_lines as (
    select
        running_deliveries.order_id,
        running_deliveries.line_number,
        min(running_deliveries.delivered_date) as completed_date
    from running_deliveries
    inner join lines_with_measures
        on
            running_deliveries.order_id = lines_with_measures.order_id
            and running_deliveries.line_number = lines_with_measures.line_number
    where running_deliveries.running_quantity >= lines_with_measures.enough_quantity
    group by running_deliveries.order_id, running_deliveries.line_number
),

lines_with_deliveries as (
    select
        lines_with_measures.*,
        cast(coalesce(deliveries_by_line.delivered_quantity, 0) as decimal(38, 3)) as delivered_quantity,
        cast(
            least(coalesce(deliveries_by_line.by_promise_quantity, 0), lines_with_measures.quantity) as decimal(18, 3)
        ) as delivered_by_promise_quantity,
        coalesce(deliveries_by_line.on_first_quantity, 0) as on_first_quantity,
        coalesce(deliveries_by_line.on_request_quantity, 0) as on_request_quantity,
        coalesce(deliveries_by_line.on_current_quantity, 0) as on_current_quantity,
        coalesce(deliveries_by_line.on_own_quantity, 0) as on_own_quantity,
        coalesce(deliveries_by_line.strictly_by_first_quantity, 0) as strictly_by_first_quantity,
        coalesce(deliveries_by_line.strictly_by_request_quantity, 0) as strictly_by_request_quantity,
        coalesce(
            completions_of_split_lines.completed_date,
            case
                when
                    deliveries_by_line.delivery_count = 1
                    and deliveries_by_line.delivered_quantity >= lines_with_measures.enough_quantity
                    then deliveries_by_line.first_delivered_date
                when lines_with_measures.enough_quantity <= 0
                    then least(lines_with_measures.first_promised_date, lines_with_measures.as_of_date)
            end
        ) as completed_date,
        lines_with_measures.status = 'cancelled' as is_cancelled,
        date_diff('day', lines_with_measures.first_promised_date, lines_with_measures.as_of_date)
        >= lines_with_measures.days_late_allowed as is_past_first_promise,
        date_diff('day', lines_with_measures.requested_date, lines_with_measures.as_of_date)
        >= lines_with_measures.days_late_allowed as is_past_request,
        date_diff('day', lines_with_measures.promised_date, lines_with_measures.as_of_date)
        >= lines_with_measures.days_late_allowed as is_past_current_promise,
        date_diff('day', lines_with_measures.own_measured_date, lines_with_measures.as_of_date)
        >= lines_with_measures.own_late_days as is_past_own_date
    from lines_with_measures
    left join deliveries_by_line
        on
            lines_with_measures.order_id = deliveries_by_line.order_id
            and lines_with_measures.line_number = deliveries_by_line.line_number
    left join completions_of_split_lines
        on
            lines_with_measures.order_id = completions_of_split_lines.order_id
            and lines_with_measures.line_number = completions_of_split_lines.line_number
),

lines_judged as (
    select
        lines_with_deliveries.*,
        not is_cancelled and is_past_first_promise as is_due,
        not is_cancelled and is_past_first_promise and on_first_quantity >= enough_quantity as is_kept,
        not is_cancelled and is_past_first_promise and coalesce(is_past_request, false) as is_due_to_request,
        not is_cancelled and is_past_first_promise and is_past_current_promise as is_due_to_current,
        not is_cancelled and coalesce(is_past_own_date, false) as is_due_to_own,
        not is_cancelled and is_past_first_promise and completed_date is null as is_overdue,
        case
            when is_cancelled then null
            when completed_date is not null then completed_date
            when is_past_first_promise then as_of_date
            else greatest(promised_date, as_of_date)
        end as ended_date,
        cast(cast(quantity as decimal(38, 3)) * coalesce(unit_price, 0) as decimal(18, 2)) as ordered_value,
        case
            when is_cancelled or completed_date is not null then cast(0 as decimal(18, 3))
            else greatest(quantity - delivered_quantity, cast(0 as decimal(18, 3)))
        end as open_quantity
    from lines_with_deliveries
)

select
    lines_judged.order_id,
    lines_judged.line_number,
    lines_judged.customer_id,
    lines_judged.product_id,
    coalesce(products.product_family, 'no family') as product_family,
    lines_judged.opportunity_id,
    lines_judged.order_date,
    lines_judged.requested_date,
    lines_judged.original_promised_date,
    lines_judged.first_promised_date,
    lines_judged.promised_date,
    lines_judged.completed_date,
    cast(date_trunc('month', lines_judged.first_promised_date) as date) as promise_month,
    lines_judged.own_measured_date,
    lines_judged.status,
    lines_judged.quantity as ordered_quantity,
    lines_judged.delivered_quantity,
    lines_judged.delivered_by_promise_quantity,
    lines_judged.open_quantity,
    lines_judged.unit_price,
    lines_judged.ordered_value,
    cast(
        cast(lines_judged.open_quantity as decimal(38, 3)) * coalesce(lines_judged.unit_price, 0) as decimal(18, 2)
    ) as open_value,
    case
        when lines_judged.is_due and not lines_judged.is_kept
            then lines_judged.quantity - lines_judged.delivered_by_promise_quantity
        else cast(0 as decimal(18, 3))
    end as gap_quantity,
    case
        when lines_judged.is_due and not lines_judged.is_kept
            then cast(
                cast(lines_judged.quantity - lines_judged.delivered_by_promise_quantity as decimal(38, 3))
                * coalesce(lines_judged.unit_price, 0)
                as decimal(18, 2)
            )
        else cast(0 as decimal(18, 2))
    end as gap_value,
    lines_judged.is_cancelled,
    lines_judged.is_due,
    lines_judged.is_kept,
    lines_judged.is_due_to_request,
    lines_judged.is_due_to_request and lines_judged.on_request_quantity >= lines_judged.enough_quantity as is_kept_to_request,
    lines_judged.is_due_to_current,
    lines_judged.is_due_to_current and lines_judged.on_current_quantity >= lines_judged.enough_quantity as is_kept_to_current,
    lines_judged.is_due_to_own,
    lines_judged.is_due_to_own and lines_judged.on_own_quantity >= lines_judged.own_enough_quantity as is_kept_to_own,
    lines_judged.is_due and lines_judged.strictly_by_first_quantity >= lines_judged.quantity as is_kept_strictly,
    lines_judged.is_due_to_request
    and lines_judged.strictly_by_request_quantity >= lines_judged.quantity as is_kept_to_request_strictly,
    lines_judged.is_cancelled and lines_judged.is_past_first_promise as is_cancelled_past_promise,
    lines_judged.is_overdue,
    lines_judged.promised_date > lines_judged.first_promised_date as is_repromised,
    lines_judged.move_count,
    case
        when lines_judged.is_cancelled then 0
        when lines_judged.completed_date is not null
            then greatest(date_diff('day', lines_judged.first_promised_date, lines_judged.completed_date), 0)
        when lines_judged.is_due
            then greatest(date_diff('day', lines_judged.first_promised_date, lines_judged.as_of_date), 0)
        else 0
    end as late_days,
    greatest(
        coalesce(date_diff('day', lines_judged.requested_date, lines_judged.original_promised_date), 0), 0
    ) as asked_gap_days,
    coalesce(lines_judged.requested_date, lines_judged.original_promised_date) as asked_date,
    lines_judged.ended_date,
    case
        when lines_judged.is_cancelled then 'cancelled'
        when lines_judged.completed_date is not null then 'delivered'
        when lines_judged.is_overdue then 'waiting'
        else 'promised'
    end as ended_by,
    case
        when not lines_judged.is_cancelled
            then date_diff(
                'day',
                coalesce(lines_judged.requested_date, lines_judged.original_promised_date),
                lines_judged.original_promised_date
            )
    end as offered_days,
    case
        when not lines_judged.is_cancelled then lines_judged.moved_days - lines_judged.moved_by_customer_days
    end as moved_by_us_days,
    case when not lines_judged.is_cancelled then lines_judged.moved_by_customer_days end as moved_by_customer_days,
    date_diff('day', lines_judged.promised_date, lines_judged.ended_date) as missed_days,
    date_diff(
        'day', coalesce(lines_judged.requested_date, lines_judged.original_promised_date), lines_judged.ended_date
    ) as wait_days
from lines_judged
left join extracts.products as products
    on lines_judged.product_id = products.product_id
order by lines_judged.customer_id, lines_judged.first_promised_date
