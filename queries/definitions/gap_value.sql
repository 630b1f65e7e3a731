-- Gap value: what customers had been promised by the day and did not have, in money; a line without a price counts
-- nothing.
-- Formula: gap quantity × unit price, rounded to the cent on each line.
select sum(promises.gap_value) as gap_value
from marts.promises as promises
