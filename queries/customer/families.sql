-- One row per product family of $customer from $first_month to $last_month, the largest gap first.
select
    scoreboard_months.product_family,
    cast(sum(scoreboard_months.due_count) as bigint) as due_count,
    cast(sum(scoreboard_months.kept_count) as bigint) as kept_count,
    cast(sum(scoreboard_months.kept_count) as double) / nullif(sum(scoreboard_months.due_count), 0) as promise_rate,
    sum(scoreboard_months.gap_value) as gap_value,
    cast(sum(scoreboard_months.overdue_count) as bigint) as overdue_count,
    sum(scoreboard_months.waiting_value) as waiting_value
from marts.scoreboard_months as scoreboard_months
where
    scoreboard_months.customer_id = $customer
    and scoreboard_months.product_family is not null
    and scoreboard_months.month >= coalesce(cast($first_month as date), scoreboard_months.month)
    and scoreboard_months.month <= coalesce(cast($last_month as date), scoreboard_months.month)
group by scoreboard_months.product_family
order by gap_value desc, scoreboard_months.product_family
