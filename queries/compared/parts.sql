-- One row per part of the comparison: the rows that it rests on in each snapshot, none where a snapshot has no such table.
-- A part is compared only where both have rows: what was never brought has not moved. No projected promise is a figure
-- too, so value at risk needs only the tables.
with tables_needed as (
    select
        'order lines' as part,
        'extracts' as schema_name,
        'order_lines' as table_name
    union all
    select
        'opportunities' as part,
        'extracts' as schema_name,
        'opportunities' as table_name
    union all
    select
        'hours' as part,
        'extracts' as schema_name,
        'capacity' as table_name
    union all
    select
        'value at risk' as part,
        'marts' as schema_name,
        'promises_ahead' as table_name
),

tables_of_both as (
    select
        tables.schema_name,
        tables.table_name,
        max(case when tables.database_name = 'before' then tables.estimated_size end) as before_count,
        max(case when tables.database_name = 'after' then tables.estimated_size end) as after_count
    from duckdb_tables() as tables
    where tables.database_name in ('before', 'after')
    group by tables.schema_name, tables.table_name
)

select
    tables_needed.part,
    cast(tables_of_both.before_count as bigint) as before_count,
    cast(tables_of_both.after_count as bigint) as after_count,
    case
        when tables_needed.part = 'value at risk' then tables_of_both.before_count + tables_of_both.after_count is not null
        else coalesce(tables_of_both.before_count > 0 and tables_of_both.after_count > 0, false)
    end as is_compared
from tables_needed
left join tables_of_both
    on
        tables_needed.schema_name = tables_of_both.schema_name
        and tables_needed.table_name = tables_of_both.table_name
