-- Disputed line: an order line of which sales and operations say different things. What each says is kept beside it; the fact stays as it
-- is, and headlines say how far they would move if every dispute went one way or the other. Formula: disputed lines that are due.
select count(distinct promises.order_id || ' / ' || promises.line_number) as disputed_count
from logged_disputes as disputes
left join logged_disputes as later_disputes
    on disputes.id = later_disputes.replaces
inner join marts.promises as promises
    on
        disputes.order_id = promises.order_id
        and disputes.line_number = promises.line_number
where
    later_disputes.id is null
    and disputes.is_open
    and promises.is_due
