"""Files that are there only once they are whole."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable
from pathlib import Path

from accessrules.errors import Problem, QueryError

__all__ = ["write_file"]


def write_file(path: Path, write: Callable[[Path], None], asked_by: str = "--out") -> None:
    """Have a file written under a temporary name, and give it its own name once it is whole.

    `asked_by` is what of the call asks for it.
    """
    if not path.name:
        raise QueryError([Problem(asked_by, f"`{path}` is no name of a file", "name a file")])
    # Named here and not by `tempfile`, so that there is no moment at which it is there and nobody would remove it.
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        temporary.touch(exist_ok=False)
        write(temporary)
        temporary.replace(path)
    except OSError as wrong:
        raise _unwritable(path, wrong, asked_by) from None
    finally:
        with contextlib.suppress(OSError):  # it has its own name by now, or never came to be
            temporary.unlink()


def _unwritable(path: Path, wrong: OSError, asked_by: str) -> QueryError:
    reason = (wrong.strerror or str(wrong)).lower()
    return QueryError(
        [Problem(asked_by, f"`{path}` cannot be written: {reason}", "name a file in a folder that you may write to")]
    )
