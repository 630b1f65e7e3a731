-- One row per kind of doubtful row of this snapshot: what is doubtful, how many rows, and where the first one stands.
select
    warnings.message,
    any_value(warnings.row_count) as row_count,
    warnings.extract_name,
    min_by(warnings.file_name, warnings.line_number) as file_name,
    cast(min(warnings.line_number) as varchar) as line_number,
    min_by(warnings.value, warnings.line_number) as value
from warnings
group by warnings.message, warnings.extract_name
order by row_count desc, warnings.message
