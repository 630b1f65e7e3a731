-- One row: what the snapshot holds, for whoever wants to know what the figures rest on.
select
    (select count(*) from extracts.order_lines) as order_line_count,
    (select count(*) - count(order_lines.unit_price) from extracts.order_lines as order_lines) as unpriced_line_count,
    (select count(*) from extracts.deliveries) as delivery_count,
    (select coalesce(sum(source_files.rejected_count), 0) from source_files) as rejected_count
