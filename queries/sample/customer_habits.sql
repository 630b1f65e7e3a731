-- One row per customer: how much they order, how they ask, and how well we serve them, before the CRM sees them.
-- The customers of the story keep their number, name and manager whatever the seed and the size.
with story_customers as (
    select *
    from (
        values
        (7, 'let down', 'Kestrelmoor Rail Works', 'Transport', 'North', 'A', 3, 1.05, 0.35),
        (12, 'flattered', 'Argentbeck Marine Group', 'Transport', 'Export', 'B', 6, 1.10, 0.7),
        (18, 'big opportunity', 'Nordwyke Energy Partners', 'Energy', 'West', 'A', 4, 1.10, 0.8),
        (22, 'forgotten', 'Thistlecombe Dairy Company', 'Food', 'South', 'B', 16, 1.00, 0.4),
        (27, 'shares February', 'Gullhythe Water Systems', 'Water', 'East', 'B', 9, 1.00, 0.8),
        (33, 'two views', 'Ombersole Packaging Lines', 'Packaging', 'West', 'A', 5, 1.2, 0.5)
    ) as story_customers (
        customer_index, story, customer_name, segment, region, tier, size_rank, patience, late_factor
    )
),

account_managers as (
    select *
    from (
        values
        (0, 'Marta Quill'), (1, 'Ines Fallow'), (2, 'Tom Hedgerow'), (3, 'Olga Wrenfield'),
        (4, 'Priya Marshlow'), (5, 'Leo Sandover'), (6, 'Freya Holtby'), (7, 'Nils Amberley')
    ) as account_managers (manager_index, account_manager)
),

places as (
    select
        unnest([
            'Aldermoor', 'Brackenfell', 'Corvane', 'Dunmarsh', 'Elderwick', 'Fernhollow', 'Grimsdale', 'Hawkrell',
            'Ivermere', 'Juniperside', 'Kelderane', 'Larkmoss', 'Mossgarth', 'Nettlebrook', 'Oakvarden', 'Pellworth',
            'Quarrydene', 'Rookhollow', 'Saltwick', 'Tarnvale', 'Umberlow', 'Vexbridge', 'Wildermoss', 'Yarrowfen',
            'Ashgarrow', 'Birchmere', 'Copperdell', 'Drakewold', 'Emberlyn', 'Foxgrove', 'Glimmerford', 'Heatherwyke',
            'Inkermoor', 'Jaspertown', 'Kingsferrow', 'Lindenmarch', 'Marrowgate', 'Newtarn', 'Otterholm', 'Pinevarrow',
            'Quillmarsh', 'Redfennick', 'Sablecroft', 'Thornvale', 'Underhay', 'Valemont', 'Whitgarrow', 'Yewbarrow',
            'Amberfold', 'Bramblewick', 'Cloudsley', 'Dovermoss', 'Eastgarth', 'Flintmere', 'Goldenrow', 'Hollowick',
            'Isenmoor', 'Jackdawley', 'Kittermoss', 'Lowmarrow', 'Merrowdale', 'Northferrow', 'Orchardene', 'Pebblewyke',
            'Quernholm', 'Ryefallow', 'Stonewarrow', 'Teaselby', 'Upmarrow', 'Violetmere', 'Wrenmoor', 'Zephyrdale',
            'Alabasterley', 'Beechgarrow', 'Cinderwold', 'Dapplemere', 'Elmgarth', 'Fallowdene', 'Gorseholm', 'Hazelwarrow'
        ]) as place_word
),

shuffled_places as (
    select
        place_word,
        row_number() over (order by hash(hash($seed, 'place', place_word)), place_word) - 1 as place_index
    from places
),

trades as (
    select *
    from (
        values
        (0, 'Rail', 'Transport'), (1, 'Marine', 'Transport'), (2, 'Dairy', 'Food'), (3, 'Brewing', 'Food'),
        (4, 'Bakery', 'Food'), (5, 'Energy', 'Energy'), (6, 'Turbine', 'Energy'), (7, 'Water', 'Water'),
        (8, 'Filtration', 'Water'), (9, 'Packaging', 'Packaging'), (10, 'Paper', 'Packaging'),
        (11, 'Chemicals', 'Process'), (12, 'Coatings', 'Process'), (13, 'Glass', 'Process'),
        (14, 'Mining', 'Mining'), (15, 'Quarry', 'Mining'), (16, 'Robotics', 'Machinery'),
        (17, 'Presses', 'Machinery'), (18, 'Cranes', 'Machinery'), (19, 'Hydraulics', 'Machinery'),
        (20, 'Tractors', 'Agriculture'), (21, 'Harvest', 'Agriculture'), (22, 'Climate', 'Buildings'),
        (23, 'Lifts', 'Buildings')
    ) as trades (trade_index, trade_word, segment)
),

company_words as (
    select *
    from (
        values
        (0, 'Works'), (1, 'Group'), (2, 'Systems'), (3, 'Industries'), (4, 'Company'), (5, 'Partners'),
        (6, 'Engineering'), (7, 'Supply')
    ) as company_words (company_index, company_word)
),

numbered_customers as (
    select
        customer_index,
        row_number() over (order by hash(hash($seed, 'size', customer_index)), customer_index) as size_rank,
        sizes.customer_count,
        sizes.machine_count,
        (37 * (customer_index % 80) + 5 * (customer_index // 80)) % 192 as name_index
    from sample.sizes, range(1, sizes.customer_count + 1) as customers (customer_index)
),

named_customers as (
    select
        numbered_customers.customer_index,
        numbered_customers.machine_count,
        coalesce(story_customers.story, 'none') as story,
        coalesce(story_customers.size_rank, numbered_customers.size_rank) as size_rank,
        coalesce(
            story_customers.customer_name,
            shuffled_places.place_word || ' ' || trades.trade_word || ' ' || company_words.company_word
            || case
                when numbered_customers.customer_index > 15360
                    then ' ' || (numbered_customers.customer_index // 15360 + 1)
                else ''
            end
        ) as customer_name,
        coalesce(story_customers.segment, trades.segment) as segment,
        coalesce(
            story_customers.region,
            ['North', 'South', 'East', 'West', 'Export'][
                1 + floor(5 * chance($seed, 'region', numbered_customers.customer_index))::integer
            ]
        ) as region,
        case
            when story_customers.tier is not null then story_customers.tier
            when numbered_customers.size_rank <= 0.06 * numbered_customers.customer_count then 'A'
            when numbered_customers.size_rank <= 0.35 * numbered_customers.customer_count then 'B'
            else 'C'
        end as tier,
        account_managers.account_manager,
        -- Leo Sandover's customers are the impatient ones, and he says yes to them.
        case account_managers.account_manager
            when 'Leo Sandover' then 0.55
            else coalesce(
                story_customers.patience, 1.0 + 0.3 * chance($seed, 'patience', numbered_customers.customer_index)
            )
        end as patience,
        case account_managers.account_manager when 'Leo Sandover' then 0.8 else 0.12 end as inside_share,
        coalesce(
            story_customers.late_factor,
            0.4 + 1.3 * chance($seed, 'late factor', numbered_customers.customer_index)
        ) as late_factor
    from numbered_customers
    inner join account_managers on numbered_customers.customer_index % 8 = account_managers.manager_index
    inner join shuffled_places on numbered_customers.customer_index % 80 = shuffled_places.place_index
    inner join trades on numbered_customers.name_index % 24 = trades.trade_index
    inner join company_words on numbered_customers.name_index // 24 = company_words.company_index
    left join story_customers on numbered_customers.customer_index = story_customers.customer_index
),

usual_weights as (
    select
        *,
        round(1000000 * pow(size_rank, -0.85))::bigint as usual_weight
    from named_customers
),

-- The strategic customer's share follows Welding 2's share of the products, so that its orders load it at every size.
weights as (
    select
        *,
        case story
            when 'let down' then sum(usual_weight) over () * 2 // (25 * machine_count)
            else usual_weight
        end as weight
    from usual_weights
)

select
    customer_index,
    format('C-{:04d}', customer_index) as customer_id,
    customer_name,
    story,
    tier,
    segment,
    region,
    account_manager,
    patience,
    inside_share,
    late_factor,
    round(0.18 * chance($seed, 'discount', customer_index), 2) as discount,
    floor(8 * chance($seed, 'family', customer_index))::integer as favourite_family,
    floor(8 * chance($seed, 'second family', customer_index))::integer as second_family,
    coalesce(
        sum(weight) over (order by customer_index rows between unbounded preceding and 1 preceding), 0
    )::double / sum(weight) over () as share_from
from weights
order by customer_index
