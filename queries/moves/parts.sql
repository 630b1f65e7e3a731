-- One row per part of the comparison: the rows that it rests on in each snapshot, and whether it can be compared.
select
    parts.part,
    parts.before_count,
    parts.after_count,
    parts.is_compared
from compared.parts as parts
order by parts.part
