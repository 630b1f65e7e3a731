-- One row per word that says how a sale ended, in English and German: what a stage that holds it means; the lowest rank wins.
-- Add a line here for a CRM that speaks otherwise. A stage with none of these words is still open.
select
    stage_words.rank_number,
    stage_words.word,
    stage_words.outcome
from (
    values
    (1, 'lost', 'lost'),
    (1, 'verloren', 'lost'),
    (1, 'not won', 'lost'),
    (1, 'nicht gewonnen', 'lost'),
    (1, 'cancel', 'lost'),
    (1, 'storn', 'lost'),
    (1, 'abgebrochen', 'lost'),
    (1, 'abgelehnt', 'lost'),
    (1, 'declined', 'lost'),
    (1, 'rejected', 'lost'),
    (1, 'disqualified', 'lost'),
    (1, 'no decision', 'lost'),
    (1, 'absage', 'lost'),
    (2, 'won', 'won'),
    (2, 'gewonnen', 'won'),
    (2, 'auftrag erteilt', 'won'),
    (2, 'auftrag erhalten', 'won'),
    (2, 'beauftragt', 'won'),
    (2, 'ordered', 'won'),
    (2, 'bestellt', 'won'),
    (2, 'closed', 'won'),
    (2, 'abgeschlossen', 'won'),
    (2, 'geschlossen', 'won')
) as stage_words (rank_number, word, outcome)
