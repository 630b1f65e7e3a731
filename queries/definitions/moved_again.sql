-- Moved again: a promise of a decision in force for which the order system now says a third date.
-- Formula: promised date now is neither the date before the decision nor the date decided.
select count(*) filter (where followed_lines.is_moved_again) as moved_again_count
from followed_lines
