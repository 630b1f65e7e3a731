"""The same work by others: pandas, Polars and PostgreSQL. What answers something else than we do is an error, not a figure."""
