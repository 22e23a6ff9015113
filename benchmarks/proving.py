"""The checker beside Z3, on one question of the shipped rules: is there a case in which rules contradict each other?"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec

from accessrules import load_rules
from benchmarks.measuring import seconds

__all__ = ["proving"]


def proving() -> dict[str, float | None]:
    """Seconds of a whole check, and of Z3's proofs that no decision has a conflict; without Z3 none.

    Z3 gets the formulas of the tests, which know nothing of the index. Writing them down, with who defeats whom by the
    reference interpreter, is told apart. A check answers this and a dozen more questions, with places and examples.
    """
    rules = load_rules()
    found: dict[str, float | None] = {"check_s": seconds(lambda: load_rules().check()) - seconds(load_rules)}
    if find_spec("z3") is None or find_spec("pytest") is None:
        return {**found, "z3_formulas_s": None, "z3_conflicts_s": None}
    from tests.proof.encoding import Encoding, Solved, by_value, missed_by

    made: list[Encoding] = []
    found["z3_formulas_s"] = seconds(lambda: made.append(Encoding(Solved(rules.form))), 1)
    encoding = made[0]

    def prove() -> None:
        for name in rules.form.decisions:
            conflict = partial(encoding.occurs, name, lambda resolved: resolved.conflict)
            assert missed_by([], conflict, encoding, by_value("category", name, [], encoding)) is None

    found["z3_conflicts_s"] = seconds(prove, 1)
    return found
