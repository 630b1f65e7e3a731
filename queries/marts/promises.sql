-- One row per order line, the promise ledger: what was asked, promised and delivered, whether it was kept, and how late it was.
-- "Kept" means on time and in full; its bare name is measured to the first promise with the company's tolerances.
-- It is a view: what follows from what marts/ledger has written down is worked out where it is asked for, and takes no place in the file.
with lines_dated as (
    select
        ledger.*,
        ledger.rowid as row_id,
        cast(first_promised_date + order_offset_days as date) as order_date,
        cast(first_promised_date + request_offset_days as date) as requested_date,
        cast(first_promised_date + original_offset_days as date) as original_promised_date,
        cast(first_promised_date + promise_offset_days as date) as promised_date,
        cast(first_promised_date + completed_offset_days as date) as completed_date,
        cast(first_promised_date + own_offset_days as date) as own_measured_date,
        cast(first_promised_date + stated_offset_days as date) as stated_first_promised_date,
        cast(least(delivered_quantity, ordered_quantity) - delivered_after_quantity as decimal(18, 3)) as delivered_by_promise_quantity
    from marts.ledger as ledger
),

lines_ended as (
    select
        lines_dated.*,
        coalesce(requested_date, original_promised_date) as asked_date,
        case
            when is_cancelled then null
            when completed_date is not null then completed_date
            when is_due then as_of_date
            else greatest(promised_date, as_of_date)
        end as ended_date,
        case
            when ordered_quantity < 1000000 and unit_price < 100000
                then cast(cast(ordered_quantity as decimal(9, 3)) * cast(unit_price as decimal(9, 4)) as decimal(18, 2))
            else cast(cast(ordered_quantity as decimal(38, 3)) * coalesce(unit_price, 0) as decimal(18, 2))
        end as ordered_value,
        case
            when is_cancelled or completed_date is not null then cast(0 as decimal(18, 3))
            else cast(greatest(ordered_quantity - delivered_quantity, 0) as decimal(18, 3))
        end as open_quantity,
        case
            when is_due and not is_kept then cast(ordered_quantity - delivered_by_promise_quantity as decimal(18, 3))
            else cast(0 as decimal(18, 3))
        end as gap_quantity
    from lines_dated
)

select
    order_id,
    line_number,
    customer_id,
    product_id,
    product_family,
    opportunity_id,
    order_date,
    requested_date,
    original_promised_date,
    first_promised_date,
    promised_date,
    completed_date,
    promise_month,
    own_measured_date,
    status,
    ordered_quantity,
    delivered_quantity,
    delivered_by_promise_quantity,
    open_quantity,
    unit_price,
    ordered_value,
    case
        when open_quantity = 0 then cast(0 as decimal(18, 2))
        when open_quantity = ordered_quantity then ordered_value
        else cast(cast(open_quantity as decimal(38, 3)) * coalesce(unit_price, 0) as decimal(18, 2))
    end as open_value,
    gap_quantity,
    case
        when gap_quantity = 0 then cast(0 as decimal(18, 2))
        when gap_quantity = ordered_quantity then ordered_value
        else cast(cast(gap_quantity as decimal(38, 3)) * coalesce(unit_price, 0) as decimal(18, 2))
    end as gap_value,
    is_cancelled,
    is_due,
    is_kept,
    is_due_to_request,
    is_kept_to_request,
    is_due_to_current,
    is_kept_to_current,
    is_due_to_own,
    is_kept_to_own,
    is_kept_strictly,
    is_kept_to_request_strictly,
    is_cancelled_past_promise,
    is_overdue,
    promised_date > first_promised_date as is_repromised,
    move_count,
    case
        when is_cancelled or (completed_date is null and not is_due) then 0
        else greatest(date_diff('day', first_promised_date, ended_date), 0)
    end as late_days,
    greatest(coalesce(date_diff('day', requested_date, original_promised_date), 0), 0) as asked_gap_days,
    asked_date,
    ended_date,
    case
        when is_cancelled then 'cancelled'
        when completed_date is not null then 'delivered'
        when is_overdue then 'waiting'
        else 'promised'
    end as ended_by,
    case when not is_cancelled then date_diff('day', asked_date, original_promised_date) end as offered_days,
    case when not is_cancelled then moved_days - moved_by_customer_days end as moved_by_us_days,
    case when not is_cancelled then moved_by_customer_days end as moved_by_customer_days,
    date_diff('day', promised_date, ended_date) as missed_days,
    date_diff('day', asked_date, ended_date) as wait_days,
    currency,
    stated_first_promised_date,
    promise_moved_by,
    row_id as rowid
from lines_ended
