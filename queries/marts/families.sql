-- One row per product family that somebody ordered.
select distinct scoreboard_months.product_family
from marts.scoreboard_months as scoreboard_months
where scoreboard_months.product_family is not null
order by scoreboard_months.product_family
