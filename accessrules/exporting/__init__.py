"""Decisions where the data lives: one SQL query that decides each row of a table as `decide` does.

`plan.py` says which column is which fact, `kinds.py` what can be said of a row, `places.py` in which boxes of cells;
`packing.py` turns cells into bits of whole numbers, `cells.py` and `query.py` write it down as SQL, by sqlglot.
"""

from accessrules.exporting.exports import ANSWERS, DIALECTS, SqlExport, export_sql

__all__ = ["ANSWERS", "DIALECTS", "SqlExport", "export_sql"]
