-- One row: decision $decision in full, with the options as they stood (JSON) and what became of it so far.
select followed_decisions.*
from followed_decisions
where followed_decisions.decision_id = $decision
