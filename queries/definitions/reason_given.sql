-- Reason given: a broken promise with a reason on a delivery; opened between plan and delivery. Reasons are mapped by their words to what
-- the customer was waiting on; a reason never changes whether a promise was kept.
-- Formula: the latest delivery with a reason; its words as in marts/waiting_words.sql.
select count(*) filter (where causes.is_reason_given) as reason_given_count
from marts.causes as causes
