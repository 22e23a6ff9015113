"""Databases that the tests ask: DuckDB in this process, and a PostgreSQL server of their own."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.exporting.tables import Row, Table

_SERVERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgres*/bin")
_LONGEST_WAIT = 60


def fill(cursor: Any, table: Table, mark: str) -> None:
    """Make the table `cases` with its rows, numbered by `n`."""
    columns = "".join(f', "{name}" {kind}' for name, kind in table.columns.items())
    cursor.execute("DROP TABLE IF EXISTS cases")
    cursor.execute(f"CREATE TABLE cases (n INTEGER{columns})")
    marks = ", ".join([mark] * (1 + len(table.columns)))
    cursor.executemany(f"INSERT INTO cases VALUES ({marks})", [(n, *row) for n, row in enumerate(table.rows)])


class DuckDB:
    """A connection to DuckDB."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __call__(self, table: Table, sql: str) -> Sequence[Row]:
        """Fill the table and run a query over it."""
        fill(self.connection, table, "?")
        return self.run([sql])

    def run(self, statements: Sequence[str]) -> Sequence[Row]:
        """Run some statements; gives the rows of the last."""
        for one in statements:
            self.connection.execute(one)
        found: list[Row] = self.connection.fetchall()
        return found


class Postgres:
    """A connection to a PostgreSQL server."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __call__(self, table: Table, sql: str) -> Sequence[Row]:
        """Fill the table and run a query over it."""
        with self.connection.cursor() as cursor:
            fill(cursor, table, "%s")
        return self.run([sql])

    def run(self, statements: Sequence[str]) -> Sequence[Row]:
        """Run some statements; gives the rows of the last."""
        with self.connection.cursor() as cursor:
            for one in statements:
                cursor.execute(one)
            found: list[Row] = cursor.fetchall()
            return found


@pytest.fixture(scope="session")
def duckdb() -> Iterator[DuckDB]:
    """DuckDB in memory."""
    module = pytest.importorskip("duckdb", reason="duckdb is not installed: `pip install 'accessrules[dev]'`")
    with module.connect() as connection:
        yield DuckDB(connection)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """PostgreSQL on a server of our own."""
    module = pytest.importorskip("psycopg", reason="psycopg is not installed: `pip install 'accessrules[dev]'`")
    with _postgres_server() as socket:
        # Without prepared statements: one does not outlive its table.
        where = f"host={socket} user=tests dbname=postgres"
        with module.connect(where, autocommit=True, prepare_threshold=None) as connection:
            yield Postgres(connection)


@contextmanager
def _postgres_server() -> Iterator[Path]:
    """A PostgreSQL server of our own, gone afterwards: the folder of its socket. Skips where there is none."""
    programs = _programs()
    # A folder with a short name, as the path of a socket may have no more than some hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = _other_user()
    server = None
    try:
        if user is not None:
            shutil.chown(folder, user)
        data, log = folder / "data", folder / "log"
        how = ["-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        initdb = [str(programs / "initdb"), "-D", str(data), *how]
        subprocess.run(initdb, check=True, capture_output=True, user=user, cwd=folder)
        settings = [f"unix_socket_directories={folder}", "listen_addresses=", "fsync=off"]
        options = [word for one in settings for word in ("-c", one)]
        with log.open("wb") as stream:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options], stdout=stream, stderr=stream, user=user, cwd=folder
            )
        _wait(server, folder, log)
        yield folder
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # at once: on SIGTERM it would wait until its last client leaves
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder with initdb and postgres."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted((path for pattern in _SERVERS for path in Path("/").glob(pattern[1:])), reverse=True)
    for folder in folders:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    pytest.skip("there is no PostgreSQL server: initdb and postgres are in none of the usual places")


def _other_user() -> str | None:
    """Who runs the server: it refuses to be run by root."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    found = next((name for name in ("postgres", "nobody") if name in known), None)
    if found is None:
        pytest.skip(f"{getpass.getuser()} may not run a PostgreSQL server, and there is no other user")
    return found


def _is_ready(lock: Path) -> bool:
    """Whether the server takes connections: so the last line of its lock file says."""
    return lock.is_file() and lock.read_text(encoding="utf-8").split()[-1:] == ["ready"]


def _wait(server: subprocess.Popen[bytes], folder: Path, log: Path) -> None:
    end = time.monotonic() + _LONGEST_WAIT
    while not _is_ready(folder / "data" / "postmaster.pid"):
        if server.poll() is not None or time.monotonic() > end:
            pytest.fail(f"the PostgreSQL server did not start: {log.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.05)
