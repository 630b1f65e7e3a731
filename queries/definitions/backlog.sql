-- Backlog: hours of open order lines that should have been worked before the first month ahead; they fall in that month. Extracts do not
-- say what is in work, so all that is not delivered counts as still to be worked.
-- Formula: open quantity × hours per unit, where promised month − offset < first month ahead.
select sum(load_months.backlog_hours) as backlog_hours
from marts.load_months as load_months
