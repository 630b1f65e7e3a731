-- One row per note on one of one's own customers, or on one of their order lines. A note on a month alone may be about anybody.
select logged_notes.*
from logged_notes
where
    logged_notes.customer_id in (select own_customers.customer_id from limits.own_customers as own_customers)
    or (
        logged_notes.customer_id is null
        and (logged_notes.order_id, logged_notes.line_number) in (
            select
                own_lines.order_id,
                own_lines.line_number
            from limits.own_lines as own_lines
        )
    )
