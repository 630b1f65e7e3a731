-- The opportunity is not in the opportunities extract; its number stands for its name.
select
    'order_lines' as extract_name,
    order_lines.rowid as row_id,
    'opportunity_id' as column_name,
    order_lines.opportunity_id as value
from extracts.order_lines as order_lines
where
    order_lines.opportunity_id is not null
    and exists (select 1 from extracts.opportunities)
    and order_lines.opportunity_id not in (select opportunities.opportunity_id from extracts.opportunities as opportunities)
