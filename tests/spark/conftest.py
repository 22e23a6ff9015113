"""One small session of Spark for all tests of this folder."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parent
_MISSING = [name for name in ("pyspark", "pandas", "pyarrow") if find_spec(name) is None]
_HAS_JAVA = "JAVA_HOME" in os.environ or shutil.which("java") is not None

# PySpark itself warns of a pandas newer than it was tested with; PySpark 3.5 asks for its version by old means, and
# leaves the sockets to Java open.
_OF_PYSPARK = (
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
    "ignore:distutils Version classes are deprecated:DeprecationWarning",
    r"ignore:unclosed <socket\.socket:ResourceWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests of this folder where something is missing, and say what."""
    for item in items:
        if _HERE not in item.path.parents:
            continue
        item.add_marker(pytest.mark.filterwarnings(*_OF_PYSPARK))
        if _MISSING:
            reason = f"{_MISSING[0]} is not installed: `pip install 'accessrules[spark]'`"
            item.add_marker(pytest.mark.skip(reason=reason))
        elif not _HAS_JAVA:
            item.add_marker(pytest.mark.skip(reason="Spark needs Java 17, which is not installed"))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session on two cores."""
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    set_up: dict[str, Any] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.log.level": "OFF",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master("local[2]").appName("accessrules")
        session = builder.config(map=set_up).getOrCreate()
        yield session
        session.stop()


@pytest.fixture
def rows_of() -> Callable[[Any], list[dict[str, Any]]]:
    """From a frame to its rows as plain data, in the order of their column `n`."""

    def rows(frame: Any) -> list[dict[str, Any]]:
        return sorted((row.asDict(recursive=True) for row in frame.collect()), key=lambda row: row["n"])

    return rows
