-- One row per product that passes through Welding 2 (WC-10), the work centre of the story, numbered from 0.
select
    product_habits.product_index,
    row_number() over (order by product_habits.product_index) - 1 as welded_index,
    count(*) over () as welded_count
from sample.product_habits
inner join sample.routings on product_habits.product_id = routings.product_id
where routings.work_centre_id = 'WC-10'
order by product_habits.product_index
