-- One row per value that the log can be narrowed to: its filter and the value.
select distinct
    'by_work_centre' as filter,
    followed_decisions.work_centre_name as value
from followed_decisions
union all
select distinct
    'decided_by' as filter,
    followed_decisions.decided_by as value
from followed_decisions
union all
select distinct
    'state' as filter,
    followed_decisions.state as value
from followed_decisions
order by filter, value
