"""Tables: many cases at once, as columns.

questions.py  what is asked of every row
inputs.py     what a program may give as a table
files.py      tables in files, read block by block (blocks.py); csvfiles.py reads CSV by Arrow where it is plain
plans.py      which column is which fact, and what holds for all rows
coding.py     a column of values as codes: cells, and codes of their own for what may lie in several
cells.py      whole arrays as cells, by tables and searches (lookups.py), for coding.py
kernel.py     from columns of codes to answers: the index's bit sets over arrays; bundles.py: several facts at once
answers.py    the answers that rows can have, each kept once
results.py    the answers as columns; explained.py explains rows one by one
condensing.py rows that are alike as one, for what counts them
table.py      blocks decided; working.py: several at once, in their order
batching.py   a file decided into another, written by writing.py; carried.py: values as text, for CSV and JSON Lines
spark.py      the same in the workers of a Spark cluster
"""

from __future__ import annotations

from importlib.util import find_spec

from accessrules.errors import Problem, QueryError
from accessrules.tables.questions import ColumnSpec, Question

__all__ = ["ColumnSpec", "Question", "check_installed", "is_installed", "is_of", "is_spark_frame"]

_NEEDED = {"tables": ("numpy", "pyarrow"), "spark": ("pyspark", "numpy", "pandas", "pyarrow")}


def is_installed(extra: str = "tables") -> bool:
    """Whether everything that an extra brings is installed."""
    return all(find_spec(name) is not None for name in _NEEDED[extra])


def check_installed(path: str, table: object = None) -> None:
    """Raise QueryError where the extra that a table needs is not installed: `spark` for one of Spark, else `tables`."""
    extra = "spark" if is_spark_frame(table) else "tables"
    for name in _NEEDED[extra]:
        if find_spec(name) is None:
            message = f"this needs {name}, which is not installed"
            raise QueryError([Problem(path, message, f"pip install 'accessrules[{extra}]'")])


def is_of(given: object, package: str, name: str) -> bool:
    """Whether something is of a class of a package, or of one made from it; the package is not imported."""
    return any(c.__name__ == name and f"{c.__module__}.".startswith(f"{package}.") for c in type(given).__mro__)


def is_spark_frame(given: object) -> bool:
    """Whether this is a Spark DataFrame, of a session here or of a remote one (Spark Connect)."""
    return is_of(given, "pyspark.sql", "DataFrame")
