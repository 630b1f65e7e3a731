-- One row per month that can be reviewed: every month of promises up to the day that the extracts speak for.
select months.month
from marts.months as months
cross join snapshot
where months.month <= snapshot.as_of_date
order by months.month
