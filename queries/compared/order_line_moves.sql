-- One row per order line that came, went or changed, with the change of what is ordered: the first kind that applies.
-- A line that came and is cancelled already is new and changes nothing; one that had been cancelled and is gone changes
-- nothing either.
with lines_with_kind as (
    select
        order_lines.*,
        case
            when not order_lines.is_in_before then 'new'
            when not order_lines.is_in_after then 'gone'
            when order_lines.is_cancelled_after and not order_lines.is_cancelled_before then 'cancelled'
            when order_lines.is_cancelled_before and not order_lines.is_cancelled_after then 'back'
            when order_lines.is_cancelled_after then 'cancelled then and now'
            when order_lines.before_quantity <> order_lines.after_quantity then 'quantity changed'
            when order_lines.before_value <> order_lines.after_value then 'price changed'
            else 'promise moved'
        end as kind
    from compared.order_lines as order_lines
)

select
    lines_with_kind.kind,
    lines_with_kind.order_id,
    lines_with_kind.line_number,
    lines_with_kind.customer_id,
    lines_with_kind.product_id,
    coalesce(lines_with_kind.after_date, lines_with_kind.before_date) as promised_date,
    lines_with_kind.before_quantity,
    lines_with_kind.after_quantity,
    lines_with_kind.concerned_value,
    lines_with_kind.after_value - lines_with_kind.before_value as change_value
from lines_with_kind
where lines_with_kind.kind not in ('cancelled then and now', 'promise moved')
