-- Stands for the order lines that earlier snapshots had, where there is no earlier one.
create view previous.lines_gone as
select
    order_lines.order_id,
    order_lines.line_number,
    order_lines.promised_date
from extracts.order_lines as order_lines
where false
