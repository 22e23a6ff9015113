"""Order never matters: not of files, rules, facts, keys or lists."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.strategies import Asked, Data, Files, asked_rule_sets, often_asked_rule_sets

shuffles = st.integers(0, 2**32).map(random.Random)


def shuffled(data: Any, shuffle: random.Random) -> Any:
    """The same data with every mapping and list in another order, but for the lists in details: those are data."""
    if isinstance(data, dict):
        keys = shuffle.sample(sorted(data), len(data))
        return {key: data[key] if key == "details" else shuffled(data[key], shuffle) for key in keys}
    if isinstance(data, list):
        return [shuffled(one, shuffle) for one in shuffle.sample(data, len(data))]
    return data


def cut_in_two(files: Iterable[Data], key: str, shuffle: random.Random) -> tuple[Data, ...]:
    """Each file as two, where it holds two things or more; and the files in another order."""
    parts: list[Data] = []
    for data in files:
        held = data[key]
        at = shuffle.randrange(1, len(held)) if len(held) > 1 else 0
        names = list(held)
        halves = (
            (names[:at], names[at:])
            if isinstance(held, list)
            else ({name: held[name] for name in names[:at]}, {name: held[name] for name in names[at:]})
        )
        parts += [{**data, key: half} for half in halves if half]
    return tuple(shuffle.sample(parts, len(parts)))


def reordered(files: Files, shuffle: random.Random) -> Files:
    """The same rule set, told in another order and in other files."""
    return Files(
        shuffled(files.ruleset, shuffle),
        cut_in_two(shuffled(list(files.vocabulary), shuffle), "facts", shuffle),
        cut_in_two(shuffled(list(files.instruments), shuffle), "instruments", shuffle),
        cut_in_two(shuffled(list(files.decisions), shuffle), "rules", shuffle),
    )


@given(often_asked_rule_sets(), shuffles)
def test_order_of_what_is_told(generated: tuple[Files, list[Asked]], shuffle: random.Random) -> None:
    """Files, rules, facts, mapping keys, lists of any, tests and sources in another order: the same bytes."""
    files, often = generated
    other = reordered(files, shuffle)
    assert other.rules.fingerprint == files.rules.fingerprint
    for asked in often:
        assert bytes_of(files, asked) == bytes_of(other, asked)


@given(asked_rule_sets(), shuffles)
def test_order_of_what_is_asked(generated: tuple[Files, Asked], shuffle: random.Random) -> None:
    """The facts of a case in another order: the same bytes, whatever was asked before."""
    files, asked = generated
    one = bytes_of(files, asked)
    files.rules.decide({}, decision=asked.decision)
    assert bytes_of(files, replace(asked, facts=shuffled(dict(asked.facts), shuffle))) == one


def test_order_of_hashes(tmp_path: Path) -> None:
    """Python's own order of sets, which differs from process to process, is nowhere to be seen."""
    drawn: list[tuple[Files, list[Asked]]] = []

    @settings(max_examples=30, database=None)
    @given(often_asked_rule_sets())
    def draw(generated: tuple[Files, list[Asked]]) -> None:
        files, often = generated
        drawn.append((replace(files), often))

    draw()
    (tmp_path / "drawn").write_bytes(pickle.dumps(drawn))
    told = [
        subprocess.run(
            [sys.executable, "-m", "tests.properties.test_order", str(tmp_path / "drawn")],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert len(told[0].splitlines()) > 100
    assert told[0] == told[1] == told[2]


def bytes_of(files: Files, asked: Asked) -> str:
    """The bytes of a decision."""
    return files.rules.decide(asked.facts, decision=asked.decision, **asked.days).model_dump_json()


if __name__ == "__main__":
    for files, often in pickle.loads(Path(sys.argv[1]).read_bytes()):
        print(files.rules.fingerprint, *(bytes_of(files, asked) for asked in often), sep="\n")
