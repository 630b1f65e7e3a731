-- One row per product family (empty for all families together), customer and month with something in it: what the list of
-- customers shows. Sorted by family, so that a list of one family, or of all, reads its own rows only.
with months_of_all_and_each as (
    select
        cast(null as varchar) as product_family,
        customer_months.customer_id,
        customer_months.month,
        customer_months.due_count,
        customer_months.kept_count,
        customer_months.current_due_count,
        customer_months.current_kept_count,
        customer_months.overdue_count,
        cast(customer_months.gap_value as decimal(38, 2)) as gap_value,
        cast(customer_months.waiting_value as decimal(38, 2)) as waiting_value
    from marts.customer_months as customer_months
    where customer_months.line_count > 0
    union all
    select
        family_months.product_family,
        family_months.customer_id,
        family_months.month,
        family_months.due_count,
        family_months.kept_count,
        family_months.current_due_count,
        family_months.current_kept_count,
        family_months.overdue_count,
        cast(family_months.gap_value as decimal(38, 2)) as gap_value,
        cast(family_months.waiting_value as decimal(38, 2)) as waiting_value
    from marts.family_months as family_months
)

select
    months_of_all_and_each.*,
    round(100.0 * months_of_all_and_each.kept_count / nullif(months_of_all_and_each.due_count, 0), 1) as kept_per_cent
from months_of_all_and_each
order by
    months_of_all_and_each.product_family nulls first,
    months_of_all_and_each.customer_id,
    months_of_all_and_each.month
