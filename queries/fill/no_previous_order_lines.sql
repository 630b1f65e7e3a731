-- Stands for the order lines of the snapshot before, where there is none.
create view previous.order_lines as
select *
from extracts.order_lines
where false
