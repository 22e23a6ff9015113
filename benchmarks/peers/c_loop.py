"""Generated C code: a loop over the columns' own buffers, one function a category, compiled when it is built."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.columns import epoch_day
from benchmarks.peers.peer import LAW, NAMES, ColumnPeer, Skipped
from benchmarks.problem import FLAGS, PURPOSES, PlainRule, Problem, Test

_COLUMNS = {
    "category": "int32_t",
    "categories": "int32_t",
    "volume": "double",
    "power": "int64_t",
    "purpose": "int32_t",
    "purposes": "int32_t",
    "day": "int32_t",
    **dict.fromkeys(FLAGS, "uint8_t"),
}
_TAKEN = ", ".join(f"const {kind} *restrict {name}" for name, kind in _COLUMNS.items())


class CLoop(ColumnPeer):
    """The buffers of Arrow columns in, a dictionary-encoded Arrow column out."""

    gets = "Arrow columns (their buffers)"
    priorities = "order of the tests"
    lacks = f"unknown facts; why; {LAW}"
    alone = False

    def __init__(self, problem: Problem, threads: int = 1) -> None:
        compiler = shutil.which("cc")
        if not compiler or os.name != "posix":
            raise Skipped("no C compiler `cc`")
        self.places = {category: place for place, category in enumerate(problem.by_category())}
        with tempfile.TemporaryDirectory() as folder:
            source, library = Path(folder, "decide.c"), Path(folder, "decide.so")
            source.write_text(_source(problem))
            subprocess.run([compiler, "-O2", "-shared", "-fPIC", source, "-o", library], check=True)
            self.library = ctypes.CDLL(str(library))  # stays mapped when its file is gone

    def decide_rows(self, rows: Any) -> Any:
        """The codes of categories and purposes are translated through their dictionaries."""
        columns = {name: rows[name].combine_chunks() for name in rows.column_names}
        category, purpose = columns["category"], columns["purpose"]
        found = [self.places[name] for name in category.dictionary.to_pylist()]
        given = {
            **columns,
            "category": category.indices,
            "categories": pa.array(found, pa.int32()),
            "purpose": purpose.indices,
            "purposes": pa.array([PURPOSES.index(name) for name in purpose.dictionary.to_pylist()], pa.int32()),
        }
        assert all(given[name].offset == 0 for name in _COLUMNS)
        out = pa.allocate_buffer(len(rows))
        pointers = [ctypes.c_void_p(given[name].buffers()[1].address) for name in _COLUMNS]
        self.library.decide(ctypes.c_int64(len(rows)), *pointers, ctypes.c_void_p(out.address))
        codes = pa.Array.from_buffers(pa.int8(), len(rows), [None, out])
        return pa.DictionaryArray.from_arrays(codes, pa.array(NAMES))


def _source(problem: Problem) -> str:
    """One function a category; in one switch over all of them the compiler takes minutes for 3,000 rules."""
    names = ", ".join(_COLUMNS)
    functions = [
        f"static int8_t f{place}(int64_t i, {_TAKEN}) {{\n"
        + "".join(f"  if ({_tests(rule)}) return {NAMES.index(rule.outcome)};\n" for rule in own)
        + f"  return {NAMES.index('nothing')};\n}}\n"
        for place, own in enumerate(problem.by_category().values())
    ]
    table = ", ".join(f"f{place}" for place in range(len(functions)))
    return (
        "#include <stdint.h>\n#define BIT(flags) ((flags[i >> 3] >> (i & 7)) & 1)\n"
        + "".join(functions)
        + f"static int8_t (*const functions[])(int64_t i, {_TAKEN}) = {{{table}}};\n"
        + f"void decide(int64_t rows, {_TAKEN}, int8_t *restrict out) {{\n"
        + f"  for (int64_t i = 0; i < rows; i++) out[i] = functions[categories[category[i]]](i, {names});\n}}\n"
    )


def _tests(rule: PlainRule) -> str:
    return " && ".join(map(_test, rule.tests()))


def _test(test: Test) -> str:
    fact, sign, value = test
    if fact == "day":
        return f"day[i] {sign} {epoch_day(value)}"
    if fact == "purpose":
        return f"purposes[purpose[i]] == {PURPOSES.index(value)}"
    return f"BIT({fact}) == {value:d}" if fact in FLAGS else f"{fact}[i] {sign} {value}"
