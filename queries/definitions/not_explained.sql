-- Not explained: a broken promise with no evidence of any other cause.
-- Formula: none of promised inside lead time, not seen coming, no room in the plan, reason given.
select count(*) filter (where causes.cause = 'not explained') as not_explained_count
from marts.causes as causes
