"""Files that are there only once they are whole."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
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
    """Have several files written, of which none has its own name before all are whole; the first names them.

    What is replaced keeps its permissions. Where one of them cannot have its name, the others are left as they were.
    """
    if not paths[0].name or "\0" in str(paths[0]):
        raise QueryError([Problem(asked_by, f"`{paths[0]}` is no name of a file", "name a file")])
    # Named here and not by `tempfile`, so that there is no moment at which one is there and nobody would remove it.
    temporaries = [_beside(path) for path in paths]
    try:
        for path in paths:
            if path.is_dir():
                raise _unwritable(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)), asked_by)
        for temporary, path in zip(temporaries, paths, strict=True):
            # What nobody else may read is not shown while it is written either.
            temporary.touch(0o600 if path.exists() else 0o666, exist_ok=False)
        write(temporaries)
        _replace(paths, temporaries, asked_by)
    except OSError as wrong:
        raise _unwritable(paths[0], wrong, asked_by) from None
    finally:
        _remove(temporaries)  # those that have their own names by now, or never came to be, are not there


def _beside(path: Path) -> Path:
    """A name in the same folder that nothing has."""
    return path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")


def _replace(paths: Sequence[Path], temporaries: Sequence[Path], asked_by: str) -> None:
    """Give files their own names; where one cannot have it, those before it are put back, if links can be made."""
    were_there = [path.exists() for path in paths]
    kept = [_beside(path) for path in paths[:-1]]
    done = 0
    try:
        for old, path in zip(kept, paths, strict=False):
            with contextlib.suppress(OSError):
                old.hardlink_to(path)
        for path, temporary, was_there in zip(paths, temporaries, were_there, strict=True):
            if was_there:
                with contextlib.suppress(OSError):  # not every file system has permissions
                    temporary.chmod(stat.S_IMODE(path.stat().st_mode))
            temporary.replace(path)
            done += 1
    except OSError as wrong:
        for path, old, was_there in zip(paths[:done], kept, were_there, strict=False):
            if old.exists():
                old.replace(path)
            elif not was_there:
                path.unlink()
        raise _unwritable(paths[done], wrong, asked_by) from None
    finally:
        _remove(kept)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _unwritable(path: Path, wrong: OSError, asked_by: str) -> QueryError:
    reason = (wrong.strerror or str(wrong)).lower()
    is_full = wrong.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    help = "make room, or name a file on another disk" if is_full else "name a file in a folder that you may write to"
    return QueryError([Problem(asked_by, f"`{path}` cannot be written: {reason}", help)])
