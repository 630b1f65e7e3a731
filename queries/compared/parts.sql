-- One row per part of the comparison: the rows that it rests on in each snapshot, none where a snapshot has no such table.
-- A part is compared only where both have rows: what was never brought has not moved. That no promise is projected late
-- is a figure too, so value at risk needs only the table of projected promises in both.
with extracts_of_both as (
    select
        'order lines' as part,
        (select count(*) from before.extracts.order_lines) as before_count,
        (select count(*) from after.extracts.order_lines) as after_count
    union all
    select
        'opportunities' as part,
        (select count(*) from before.extracts.opportunities) as before_count,
        (select count(*) from after.extracts.opportunities) as after_count
    union all
    select
        'hours' as part,
        (select count(*) from before.extracts.capacity) as before_count,
        (select count(*) from after.extracts.capacity) as after_count
),

projections_of_both as (
    select
        'value at risk' as part,
        max(case when projections.side = 'before' then projections.row_count end) as before_count,
        max(case when projections.side = 'after' then projections.row_count end) as after_count
    from held.projections as projections
)

select
    extracts_of_both.part,
    extracts_of_both.before_count,
    extracts_of_both.after_count,
    extracts_of_both.before_count > 0 and extracts_of_both.after_count > 0 as is_compared
from extracts_of_both
union all
select
    projections_of_both.part,
    projections_of_both.before_count,
    projections_of_both.after_count,
    projections_of_both.before_count is not null and projections_of_both.after_count is not null as is_compared
from projections_of_both
