"""Registers: tables of many cases, read row by row in bounded memory.

lines.py      a stream's lines as text, with their numbers; what is too long or no UTF-8 is marked
rows.py       rows of CSV, of JSON Lines, or of Python mappings; a row that cannot be read is told, never lost
columns.py    which column is which fact, and each cell as a value of it
specs.py      what a mapping says of a column: the fact, the unit of its numbers, what a null means
"""

from accessrules.registers.columns import (
    ABSENT,
    MOST_SUGGESTED,
    Absent,
    Columns,
    NearFact,
    Readings,
    check_mapping,
    plan_columns,
    read_cell,
)
from accessrules.registers.lines import MOST_ROW_BYTES, MOST_ROW_LINES
from accessrules.registers.rows import Cell, CellProblem, Given, Register, Rejected, Row, nearest_column, open_register
from accessrules.registers.specs import PLAIN, Spec, read_specs

__all__ = [
    "ABSENT",
    "MOST_ROW_BYTES",
    "MOST_ROW_LINES",
    "MOST_SUGGESTED",
    "PLAIN",
    "Absent",
    "Cell",
    "CellProblem",
    "Columns",
    "Given",
    "NearFact",
    "Readings",
    "Register",
    "Rejected",
    "Row",
    "Spec",
    "check_mapping",
    "nearest_column",
    "open_register",
    "plan_columns",
    "read_cell",
    "read_specs",
]
