-- One row per product family that somebody ordered.
select distinct family_months.product_family
from marts.family_months as family_months
order by family_months.product_family
