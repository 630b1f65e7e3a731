-- One row per reason that a delivery carries: what the customer was waiting on, unknown where no word of it is known.
with reasons_met as (
    select distinct deliveries.reason
    from extracts.deliveries as deliveries
    where deliveries.reason is not null
),

words_in_reasons as (
    select
        reasons_met.reason,
        waiting_words.waiting_on,
        row_number() over (
            partition by reasons_met.reason
            order by waiting_words.rank_number, waiting_words.word
        ) as place
    from reasons_met
    inner join marts.waiting_words as waiting_words
        on lower(reasons_met.reason) like '%' || waiting_words.word || '%'
)

select
    reasons_met.reason,
    coalesce(words_in_reasons.waiting_on, 'unknown') as waiting_on
from reasons_met
left join words_in_reasons
    on
        reasons_met.reason = words_in_reasons.reason
        and words_in_reasons.place = 1
