"""Files that are there only once they are whole."""

from __future__ import annotations

import contextlib
import errno
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from accessrules.errors import Problem, QueryError

__all__ = ["write_file", "write_files"]


def write_file(path: Path, write: Callable[[Path], None], asked_by: str = "--out") -> None:
    """Have a file written under a temporary name, and give it its own name once it is whole.

    `asked_by` is what of the call asks for it. Raises QueryError where it cannot be written.
    """
    write_files([path], lambda temporaries: write(temporaries[0]), asked_by)


def write_files(paths: Sequence[Path], write: Callable[[Sequence[Path]], None], asked_by: str) -> None:
    """Have several files written, of which none has its own name before all are whole; the first names them."""
    if not paths[0].name:
        raise QueryError([Problem(asked_by, f"`{paths[0]}` is no name of a file", "name a file")])
    # Named here and not by `tempfile`, so that there is no moment at which one is there and nobody would remove it.
    temporaries = [path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}") for path in paths]
    try:
        for temporary in temporaries:
            temporary.touch(exist_ok=False)
        write(temporaries)
        for temporary, path in zip(temporaries, paths, strict=True):
            temporary.replace(path)
    except OSError as wrong:
        raise _unwritable(paths[0], wrong, asked_by) from None
    finally:
        for temporary in temporaries:
            with contextlib.suppress(OSError):  # it has its own name by now, or never came to be
                temporary.unlink()


def _unwritable(path: Path, wrong: OSError, asked_by: str) -> QueryError:
    reason = (wrong.strerror or str(wrong)).lower()
    is_full = wrong.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    help = "make room, or name a file on another disk" if is_full else "name a file in a folder that you may write to"
    return QueryError([Problem(asked_by, f"`{path}` cannot be written: {reason}", help)])
