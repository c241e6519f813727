"""Questions to a star."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd


class Asked:
    """A star that answers questions."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of an answer."""
        return self.connection.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        """The only value of an answer."""
        ((value,),) = self.rows(sql)
        return value

    def frame(self, sql: str) -> pd.DataFrame:
        """An answer as a DataFrame."""
        return self.connection.execute(sql).fetchdf()

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return [name for (name,) in self.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")]

    @property
    def views(self) -> list[str]:
        """Names of the views."""
        return [name for (name,) in self.rows("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1")]

    def columns(self, name: str) -> list[str]:
        """Columns of a table or view."""
        return [row[0] for row in self.rows(f"DESCRIBE {name}")]
