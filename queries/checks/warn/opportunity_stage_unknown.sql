-- The stage holds none of the words that sales systems use for their stages; the opportunity counts as open.
with open_words as (
    select words.word
    from (
        values
        ('prospect'), ('qualif'), ('need'), ('value'), ('decision'), ('perception'), ('analysis'), ('propos'), ('quot'), ('negotiat'),
        ('review'), ('appointment'), ('present'), ('contract'), ('commit'), ('verbal'), ('demo'), ('discover'), ('evaluat'), ('develop'),
        ('engag'), ('lead'), ('contact'), ('open'), ('new'), ('progress'), ('offer'), ('trial'), ('pilot'), ('close'), ('identif'),
        ('angebot'), ('verhandl'), ('kontakt'), ('bedarf'), ('prüf'), ('vertrag'), ('anfrage'), ('entscheid'), ('offen'), ('neu')
    ) as words (word)
)

select
    'opportunities' as extract_name,
    opportunities.rowid as row_id,
    'stage' as column_name,
    opportunities.stage as value
from extracts.opportunities as opportunities
inner join marts.stages as stages
    on opportunities.stage = stages.stage
where
    stages.outcome = 'open'
    and not exists (
        select 1
        from open_words
        where lower(opportunities.stage) like '%' || open_words.word || '%'
    )
