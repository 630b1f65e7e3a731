-- One row per month up to $month with something due: the three rates side by side, by order lines.
-- To request is the customer's story, to first promise our word, to current promise the flattering one.
select
    company_months.month,
    company_months.due_count,
    company_months.kept_count,
    company_months.promise_rate,
    company_months.request_rate,
    company_months.current_rate,
    cast(company_months.gap_value as double) as gap_value,
    company_months.broken_count,
    company_months.let_down_count,
    snapshot.promise_target as target_rate
from marts.company_months as company_months
cross join snapshot
where
    company_months.month <= cast($month as date)
    and company_months.due_count > 0
order by company_months.month
