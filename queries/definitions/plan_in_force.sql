-- Plan in force: the projection, which serves the earliest first promise first, with the dates that decisions in force gave to lines.
-- A date that has passed, and that of a line moved to a third date since, does not count any more. The figure here counts these lines.
-- Formula: date decided where one stands, else projected date.
select count(*) as line_count
from followed_in_force
