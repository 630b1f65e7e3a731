-- The order line is in the file before; the first one stands.
-- Keys are grouped by their hash first, so that no text is carried along where none is met twice.
with hashes_met_twice as (
    select hash(order_lines.order_id, order_lines.line_number) as key_hash
    from extracts.order_lines as order_lines
    group by key_hash
    having count(*) > 1
),

rows_of_the_same_key as (
    select
        order_lines.rowid as row_id,
        order_lines.order_id || ' ' || order_lines.line_number as value,
        row_number() over (partition by order_lines.order_id, order_lines.line_number order by order_lines.rowid) as meeting
    from extracts.order_lines as order_lines
    where hash(order_lines.order_id, order_lines.line_number) in (select hashes_met_twice.key_hash from hashes_met_twice)
)

select
    'order_lines' as extract_name,
    rows_of_the_same_key.row_id,
    'line_number' as column_name,
    rows_of_the_same_key.value
from rows_of_the_same_key
where rows_of_the_same_key.meeting > 1
