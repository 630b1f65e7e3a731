-- One row per work centre and month whose hours changed ($kind: more, fewer and so on), the earliest month first; $most of them.
select
    hour_moves.kind,
    hour_moves.work_centre_name,
    hour_moves.month,
    hour_moves.before_hours,
    hour_moves.after_hours,
    hour_moves.change_hours,
    hour_moves.work_centre_id
from compared.hour_moves as hour_moves
where hour_moves.kind = coalesce($kind, hour_moves.kind)
order by hour_moves.month, hour_moves.change_hours, hour_moves.work_centre_id
limit $most
