-- Not seen coming: a broken promise for which sales had no opportunity of that customer and product family in time; opened between ask
-- and promise. Said only of orders that could have been seen in the months that the opportunities extract reaches back to.
-- Formula: no opportunity of customer and family created by, and not closed before, order date − lead time.
select count(*) filter (where causes.is_not_seen_coming) as not_seen_coming_count
from marts.causes as causes
