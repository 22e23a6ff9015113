"""Tables: many cases at once, as columns.

questions.py  what is asked of every row
inputs.py     what a program may give as a table
files.py      tables in files, read block by block (blocks.py); csvfiles.py reads CSV by Arrow where it is plain
plans.py      which column is which fact, and what holds for all rows
coding.py     a column of values as codes: cells, and codes of their own for what may lie in several
kernel.py     from columns of codes to answers: the index's bit sets over arrays
answers.py    the answers that rows can have, each kept once
results.py    the answers as columns; explained.py explains rows one by one
condensing.py rows that are alike as one, for what counts them
table.py      blocks decided, several at once, in their order
batching.py   a file decided into another, written by writing.py
"""

from __future__ import annotations

from importlib.util import find_spec

from accessrules.errors import Problem, QueryError
from accessrules.tables.questions import ColumnSpec, Question

__all__ = ["ColumnSpec", "Question", "check_installed", "is_installed"]


def is_installed() -> bool:
    """Whether the extra `tables` is installed."""
    return all(find_spec(name) is not None for name in ("numpy", "pyarrow"))


def check_installed(path: str) -> None:
    """Raise QueryError where the extra `tables` is not installed."""
    if not is_installed():
        help = "pip install 'accessrules[tables]'"
        raise QueryError([Problem(path, "tables need pyarrow, which is not installed", help)])
