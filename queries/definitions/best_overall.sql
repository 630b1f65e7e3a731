-- Best overall: the deal of all hours, over all work centres and months at once, for which what is late weighs least. It is found by a
-- linear programme, which proves that no other deal weighs less; where time runs out, the page says how far it may be from that.
-- Formula: least sum over lines of share late × months late × value × late rate × weight of the customer, plus the cost of levers,
-- with no more hours given in any month than there are. The figure here is how many hours there are to be dealt out.
select sum(work_centre_months.available_hours) as available_hours
from marts.work_centre_months as work_centre_months
