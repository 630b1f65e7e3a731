-- Value of an hour: what one more hour of a work centre in a month would save under best overall at the weights chosen. It holds while the
-- hours there stay between the two figures beside it; it is 0 where there are hours enough. It is worked out on the page Arbitrate.
-- Formula: the dual price of the hours of that work centre and month in the linear programme. The figure here is in how many months
-- somebody waits, and an hour can be worth something.
select count(*) as month_count
from (
    select distinct
        late_steps.work_centre_id,
        late_steps.load_month
    from marts.late_steps as late_steps
) as months_waited_in
