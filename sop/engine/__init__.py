"""A snapshot's marts made on an engine beyond this machine, from the very files that DuckDB runs."""
