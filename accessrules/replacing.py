"""Files that are there only once they are whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

from accessrules.errors import Problem, QueryError

__all__ = ["write_file"]


def write_file(path: Path, write: Callable[[Path], None], asked_by: str = "--out") -> None:
    """Have a file written under a temporary name, and give it its own name once it is whole.

    `asked_by` is what of the call asks for it.
    """
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix, delete=False) as made:
            temporary = Path(made.name)
    except OSError as wrong:
        raise _unwritable(path, wrong, asked_by) from None
    try:
        write(temporary)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as wrong:
        raise _unwritable(path, wrong, asked_by) from None
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, wrong: OSError, asked_by: str) -> QueryError:
    reason = (wrong.strerror or str(wrong)).lower()
    return QueryError(
        [Problem(asked_by, f"`{path}` cannot be written: {reason}", "name a file in a folder that you may write to")]
    )
