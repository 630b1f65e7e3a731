-- One row per order: who orders, on which working day, from which family, and for when they ask.
-- Days are working days counted from Monday 28 October 2024: 4 is the first order day, 524 is 30 October 2026.
with numbered_orders as (
    select
        order_index,
        least(1.0, order_index / greatest(1, sizes.order_count - 4)) as progress,
        -- Odd, so that the surge does not always meet the same place in a block of four orders.
        2 * floor(2.5 * sizes.machine_count)::bigint + 1 as orders_per_surge
    from sample.sizes, range(sizes.order_count) as orders (order_index)
),

dated_orders as (
    select
        order_index,
        orders_per_surge,
        least(524, 4 + floor(521 * (progress + 0.008 * sin(12.566370614359172 * progress))))::integer as order_day
    from numbered_orders
),

-- From March 2026 on, customers ask Welding 2 for more than it can make, for August 2026 to February 2027.
-- Every so many orders is one of those; multiples of the golden ratio and its kin spread them evenly over the months.
drawn_orders as (
    select
        order_index,
        order_day,
        chance($seed, 'customer', order_index) as customer_draw,
        chance($seed, 'family', order_index) as family_draw,
        chance($seed, 'wish', order_index) as wish_draw,
        chance($seed, 'blanket', order_index) as blanket_draw,
        greatest(460, order_day + 30) as autumn_day,
        greatest(533, order_day + 30) as winter_day,
        order_index // orders_per_surge * 0.6180339887498949e0 % 1 as surge_day_draw,
        order_day >= 360 and order_index % orders_per_surge = 0 as is_surge,
        order_day < 450 and order_index // orders_per_surge * 0.7548776662466927e0 % 1 < 0.62 as is_autumn_surge
    from dated_orders
),

surge_days as (
    select
        *,
        case
            when not is_surge then null
            when is_autumn_surge
                then autumn_day + floor((525 - autumn_day) * pow(surge_day_draw, 1.4))
            else winter_day + floor((602 - winter_day) * pow(surge_day_draw, 0.9))
        end::integer as surge_day
    from drawn_orders
),

asking_customers as (
    select
        surge_days.*,
        case
            -- February 2027 is filled by two customers.
            when surge_days.surge_day >= 590 then if(surge_days.family_draw < 0.4, 7, 27)
            when surge_days.is_surge and surge_days.family_draw < 0.35 then 7
            -- The forgotten customer has stopped ordering.
            when customer_slots.customer_index = 22 and (surge_days.order_day >= 452 or surge_days.is_surge) then 23
            else customer_slots.customer_index
        end as customer_index
    from surge_days
    cross join sample.sizes
    inner join sample.customer_slots
        on floor(64 * sizes.customer_count * surge_days.customer_draw)::bigint = customer_slots.slot
),

families_asked as (
    select
        asking_customers.*,
        customer_habits.patience,
        asking_customers.is_surge or customer_habits.story = 'let down' as is_welded,
        asking_customers.blanket_draw < 0.22
        and customer_habits.story not in ('forgotten', 'flattered') as is_blanket,
        case
            when asking_customers.family_draw < 0.5 then customer_habits.favourite_family
            when asking_customers.family_draw < 0.8 then customer_habits.second_family
            else floor(40 * (asking_customers.family_draw - 0.8))::integer
        end as family_index
    from asking_customers
    inner join sample.customer_habits on asking_customers.customer_index = customer_habits.customer_index
)

select
    families_asked.order_index,
    families_asked.order_day,
    families_asked.customer_index,
    families_asked.family_index,
    families_asked.is_welded,
    case
        when families_asked.is_surge then families_asked.surge_day
        when families_asked.is_blanket
            then families_asked.order_day + 45 + floor(145 * pow(families_asked.wish_draw, 1.2))::integer
        else families_asked.order_day + greatest(
            4,
            ceil(
                families.family_lead_time_days / 7.0 * 5 * families_asked.patience
                * (0.9 + 1.2 * families_asked.wish_draw)
            )
        )::integer
    end as requested_day
from families_asked
inner join sample.families on families_asked.family_index = families.family_index
order by families_asked.order_index
