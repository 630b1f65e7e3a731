-- One row per rejected row and reason of this snapshot: where it stands and what is wrong with it. At most a thousand.
select
    rejected_rows.file_name,
    cast(rejected_rows.line_number as varchar) as line_number,
    rejected_rows.extract_name,
    rejected_rows.column_name,
    rejected_rows.value,
    rejected_rows.reason
from rejected_rows
order by rejected_rows.file_name, rejected_rows.line_number, rejected_rows.column_name
limit 1000
