-- One row per file and extract of this snapshot: what was read, kept and rejected, and whether it was carried over.
select
    source_files.extract_name,
    source_files.file_name,
    source_files.read_count as rows_read_count,
    source_files.kept_count as rows_kept_count,
    source_files.rejected_count as rows_rejected_count,
    source_files.carried_from is not null as is_carried_over
from source_files
order by source_files.extract_name, source_files.file_name
