-- Kept: due order lines that were on time and in full, measured to the first promise. Where the company or the customer
-- limits how early a delivery may come, what came earlier is not on time; it leaves no gap, since the customer has it.
-- Formula: due, and delivered by first promised date + days late allowed ≥ ordered quantity × (1 − quantity tolerance).
select count(*) filter (where promises.is_kept) as kept_count
from marts.promises as promises
