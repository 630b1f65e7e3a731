-- The order line is closed although not everything was delivered; it counts as waited for until it is cancelled.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'status' as column_name,
    order_lines.status as value
from extracts.order_lines as order_lines
semi join (
    select
        promises.order_id,
        promises.line_number
    from marts.promises as promises
    where
        promises.status = 'closed'
        and promises.completed_date is null
) as closed_short
    on
        order_lines.order_id = closed_short.order_id
        and order_lines.line_number = closed_short.line_number
