"""Runs as a star schema for BI tools: facts and dimensions with clean names, in DuckDB, Parquet or CSV."""
