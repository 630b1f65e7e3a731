-- No room in the plan: a broken promise onto a month in which a work centre on the product's routing was promised more than its hours;
-- opened between promise and plan.
-- Formula: hours of all lines first promised for the month (less the offset) > available hours of that month.
select count(*) filter (where causes.is_without_room) as without_room_count
from marts.causes as causes
