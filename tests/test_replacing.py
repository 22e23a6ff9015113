"""Files that are there only once they are whole: all of them or none, each as readable as the one it replaces."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from accessrules import QueryError
from accessrules.replacing import write_file, write_files


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(temporaries: Sequence[Path]) -> None:
    for path in temporaries:
        path.write_text("new")


def there() -> dict[str, str | None]:
    return {path.name: path.read_text() if path.is_file() else None for path in Path.cwd().iterdir()}


def test_a_folder_in_the_place_of_one_leaves_them_all() -> None:
    Path("a.csv").write_text("old")
    Path("b").mkdir()

    def never(_: Sequence[Path]) -> None:
        pytest.fail("this is known before anything is written")

    with pytest.raises(QueryError) as wrong:
        write_files([Path("a.csv"), Path("b")], never, "OUT")
    (problem,) = wrong.value.problems
    assert (problem.path, problem.message) == ("OUT", "`b` cannot be written: is a directory")
    assert there() == {"a.csv": "old", "b": None}


@pytest.mark.parametrize("old", ["old", None])
def test_what_was_replaced_is_put_back_where_another_cannot_be(old: str | None) -> None:
    """Here a folder comes to be in its place while the files are written."""
    if old is not None:
        Path("a.csv").write_text(old)
    before = there()

    def late(temporaries: Sequence[Path]) -> None:
        write(temporaries)
        Path("b").mkdir()

    with pytest.raises(QueryError, match="`b` cannot be written: is a directory"):
        write_files([Path("a.csv"), Path("b")], late, "OUT")
    assert there() == {**before, "b": None}


def test_a_file_system_without_links_replaces_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    Path("a.csv").write_text("old")
    write_files([Path("a.csv"), Path("b")], write, "OUT")
    assert there() == {"a.csv": "new", "b": "new"}


@pytest.mark.skipif(sys.platform == "win32", reason="permission bits are those of Unix")
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o444])
def test_a_file_that_is_replaced_keeps_its_permissions(mode: int) -> None:
    Path("a.csv").write_text("old")
    Path("a.csv").chmod(mode)

    def hidden(temporary: Path) -> None:
        assert not temporary.stat().st_mode & 0o077 & ~mode
        temporary.write_text("new")

    write_file(Path("a.csv"), hidden)
    assert there() == {"a.csv": "new"}
    assert Path("a.csv").stat().st_mode & 0o777 == mode
    write_file(Path("b.csv"), lambda temporary: write([temporary]))
    Path("c.csv").touch()
    assert Path("b.csv").stat().st_mode == Path("c.csv").stat().st_mode
