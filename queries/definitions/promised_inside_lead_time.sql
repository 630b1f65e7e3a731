-- Promised inside lead time: a broken promise that gave less time than the product takes; opened between ask and promise.
-- Formula: first promised date − order date < lead time of the product.
select count(*) filter (where causes.is_inside_lead_time) as inside_lead_time_count
from marts.causes as causes
