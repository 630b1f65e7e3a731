-- Overload: the hours that are asked for and not there, in the months that are full; hours free in other months do not make up for them.
-- Formula: sum of max(load − available hours, 0) over work centres and months.
select sum(load_months.overload_hours) as overload_hours
from marts.load_months as load_months
