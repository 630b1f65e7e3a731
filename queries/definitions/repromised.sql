-- Re-promised: order lines whose promise today is later than the first one.
-- Formula: promised date > first promised date, not cancelled.
select count(*) filter (where promises.is_repromised and not promises.is_cancelled) as repromised_count
from marts.promises as promises
