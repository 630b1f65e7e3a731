-- One row per month that can be reviewed: every month of promises up to the day that the extracts speak for.
select company_months.month
from marts.company_months as company_months
cross join snapshot
where company_months.month <= snapshot.as_of_date
order by company_months.month
