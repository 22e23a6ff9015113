"""The guard: durable-rules 2.0.28 behind one lock, with what was measured to go wrong kept out.

- Its host starts threads and frees the memory of sessions that still live: the C module is called without it, by one
  thread at a time.
- To delete a session in which nothing ever fired is a fault of memory, and so are more than 1,024 live ones: each case
  has a session of its own, which a seed fact fires in first, and which is always deleted.
- A fact that fits more than 64 patterns at once is refused, several hundred on one node abort: networks are small.
- Names are known by their 32-bit hash alone, and a field `id` ends the process: names are made up here and checked.
- Errors in actions are swallowed, and nothing ends a circle of firings: there are no actions, and firings are counted.
- A rule set that is not deleted keeps its memory: closing deletes it.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from accessrules.errors import Problem, ReteError
from accessrules.rete.coding import Pattern, Run

__all__ = ["MOST_PATTERNS", "Network", "durable_rules", "made_up_names", "name_hash"]

MOST_PATTERNS = 60
"""In one network."""

_LOCK = threading.Lock()
"""INVARIANT: the C module is called only by who holds it; its tables belong to the whole process."""

_RESERVED = ("id", "sid", "kind", "m", "seed")
_REPORT = "this should not happen: please report it with the rule set"


@contextmanager
def durable_rules() -> Iterator[Any]:
    """The C module, for one thread at a time; raises ReteError where it is missing or broken, or where it fails."""
    with _LOCK:
        try:
            import durable_rules_engine
        except ModuleNotFoundError:
            how = "install it with `pip install 'accessrules[rete]'`, which needs a C compiler"
            raise ReteError([Problem("$", "durable-rules is not installed", how)]) from None
        except ImportError as wrong:
            how = (
                "for Python 3.13 build it with `CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject "
                "pip install --force-reinstall --no-cache-dir --no-deps durable-rules`"
            )
            raise ReteError([Problem("$", f"durable-rules cannot be imported: `{wrong}`", how)]) from None
        try:
            yield durable_rules_engine
        except (durable_rules_engine.error, MemoryError) as wrong:
            raise ReteError([Problem("$", f"durable-rules failed: `{wrong}`", _REPORT)]) from wrong


def made_up_names(prefix: str, count: int) -> list[str]:
    """So many short names with different hashes.

    >>> made_up_names("f", 3)
    ['f0', 'f1', 'f2']
    """
    taken = {name_hash(name) for name in _RESERVED}
    names: list[str] = []
    numbers = itertools.count()
    while len(names) < count:
        name = f"{prefix}{next(numbers)}"
        if name_hash(name) not in taken:
            taken.add(name_hash(name))
            names.append(name)
    return names


def name_hash(name: str) -> int:
    """FNV-1a, as durable-rules computes it."""
    value = 0x811C9DC5
    for byte in name.encode("ascii"):
        value = (value ^ byte) * 16777619 % 2**32
    return value


@dataclass(slots=True)
class Network:
    """Some patterns, compiled; none can fit where the number of the field that they are sharded by is not in `run`."""

    patterns: Sequence[Pattern]
    run: Run
    handle: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    def open(self, engine: Any) -> None:
        """Compile it."""
        self.names = dict(zip(made_up_names("r", len(self.patterns)), (p.rule for p in self.patterns), strict=True))
        rules: dict[str, Any] = {"seed": {"all": [{"m": {"kind": 0}}]}}
        rules |= {name: pattern.expression() for name, pattern in zip(self.names, self.patterns, strict=True)}
        self.handle = engine.create_ruleset("accessrules", json.dumps(rules))

    def close(self, engine: Any) -> None:
        """Give its memory back."""
        engine.delete_ruleset(self.handle)

    def fires(self, engine: Any, session: str, numbers: Mapping[str, int]) -> set[str]:
        """The rules that fire for a case."""
        self._assert(engine, {"id": "1", "sid": session, "kind": 0})  # until it has fired, nothing may be deleted
        try:
            fired = self._assert(engine, {"id": "2", "sid": session, "kind": 1, **numbers})
        finally:
            engine.delete_state(self.handle, session)
        return {self.names[name] for name in fired}

    def _assert(self, engine: Any, fact: Mapping[str, Any]) -> set[str]:
        """The names of the patterns that fire for one fact."""
        unmatched, offset = engine.assert_fact(self.handle, json.dumps(fact))
        if unmatched:
            return set()
        fired: set[str] = set()
        firing = (engine.start_action_for_state(self.handle, offset) or ("", ""))[1]
        for _ in range(len(self.patterns) + 1):
            if not firing:
                return fired
            fired |= json.loads(firing).keys()
            firing = engine.complete_and_start_action(self.handle, offset)
        raise ReteError([Problem("$", "durable-rules fired more rules than there are", _REPORT)])
