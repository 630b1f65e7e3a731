-- One row per stage that the opportunities are in: whether it means open, won or lost, and the chance of winning from there.
-- A CRM that writes chances as 0 to 100 is recognised by most of its chances being above 1. The stage's mean chance stands in for an
-- opportunity that has none.
with scale as (
    select
        case
            when
                count(*) filter (where opportunities.probability > 1) * 2
                > count(*) filter (where opportunities.probability > 0)
                then 100
            else 1
        end as whole
    from extracts.opportunities as opportunities
),

stages_met as (
    select
        opportunities.stage,
        scale.whole as probability_whole,
        avg(
            case
                when opportunities.probability between 0 and scale.whole
                    then cast(opportunities.probability as double) / scale.whole
            end
        ) as mean_rate
    from extracts.opportunities as opportunities
    cross join scale
    group by opportunities.stage, scale.whole
),

words_in_stages as (
    select
        stages_met.stage,
        stage_words.outcome,
        row_number() over (
            partition by stages_met.stage
            order by stage_words.rank_number, stage_words.word
        ) as place
    from stages_met
    inner join marts.stage_words as stage_words
        on lower(stages_met.stage) like '%' || stage_words.word || '%'
)

select
    stages_met.stage,
    coalesce(words_in_stages.outcome, 'open') as outcome,
    stages_met.probability_whole,
    stages_met.mean_rate
from stages_met
left join words_in_stages
    on
        stages_met.stage = words_in_stages.stage
        and words_in_stages.place = 1
