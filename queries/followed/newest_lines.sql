-- One row per order line that decisions in force speak of: what the newest of them says, and what became of it.
with lines_by_age as (
    select
        followed_lines.*,
        row_number() over (
            partition by followed_lines.order_id, followed_lines.line_number
            order by followed_lines.decision_id desc
        ) as place
    from followed_lines
)

select lines_by_age.* exclude (place)
from lines_by_age
where lines_by_age.place = 1
