-- One row: how the promises of the months from $first_month to $last_month stand, all months where none are given.
-- The rate is to the first promise, by order lines, with the company's tolerances; it is empty where nothing was due.
select
    snapshot.as_of_date,
    cast(coalesce(sum(company_months.due_count), 0) as bigint) as due_count,
    cast(coalesce(sum(company_months.kept_count), 0) as bigint) as kept_count,
    cast(sum(company_months.kept_count) as double) / nullif(sum(company_months.due_count), 0) as promise_rate,
    cast(coalesce(sum(company_months.gap_value), 0) as decimal(38, 2)) as gap_value,
    cast(coalesce(sum(company_months.due_value), 0) as decimal(38, 2)) as due_value,
    cast(coalesce(sum(company_months.overdue_count), 0) as bigint) as overdue_count
from snapshot
left join marts.company_months as company_months
    on
        company_months.month >= coalesce(cast($first_month as date), company_months.month)
        and company_months.month <= coalesce(cast($last_month as date), company_months.month)
group by snapshot.as_of_date
