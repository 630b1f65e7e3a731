-- One row per product family of $customer from $first_month to $last_month, the largest gap first.
select
    family_months.product_family,
    cast(sum(family_months.due_count) as bigint) as due_count,
    cast(sum(family_months.kept_count) as bigint) as kept_count,
    cast(sum(family_months.kept_count) as double) / nullif(sum(family_months.due_count), 0) as promise_rate,
    sum(family_months.gap_value) as gap_value,
    cast(sum(family_months.overdue_count) as bigint) as overdue_count,
    sum(family_months.waiting_value) as waiting_value
from marts.family_months as family_months
where
    family_months.customer_id = $customer
    and family_months.month >= coalesce(cast($first_month as date), family_months.month)
    and family_months.month <= coalesce(cast($last_month as date), family_months.month)
group by family_months.product_family
order by gap_value desc, family_months.product_family
