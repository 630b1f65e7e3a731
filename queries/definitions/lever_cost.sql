-- Cost of levers: what the hours cost that an option takes beyond those there are, as overtime. Best overall counts it with the lateness.
-- Formula: sum of hours taken × cost of an hour. The figure here is the most that all overtime in the extract could cost in a month.
select sum(work_centres.overtime_hours_limit * work_centres.overtime_cost_per_hour) as overtime_value
from extracts.work_centres as work_centres
