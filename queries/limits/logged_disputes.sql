-- One row per state of a dispute about an order line of one of one's own customers.
select logged_disputes.*
from logged_disputes
where
    (logged_disputes.order_id, logged_disputes.line_number) in (
        select
            own_lines.order_id,
            own_lines.line_number
        from limits.own_lines as own_lines
    )
