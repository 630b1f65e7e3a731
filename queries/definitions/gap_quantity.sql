-- Gap quantity: units that had been promised by the day and were not there; 0 for lines kept.
-- Formula: due lines not kept: ordered quantity − delivered by promise.
select sum(promises.gap_quantity) as gap_quantity
from marts.promises as promises
