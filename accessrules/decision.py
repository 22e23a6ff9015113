"""A Decision: the answer to a case, explained when somebody asks why."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accessrules.cases import ReadCase
from accessrules.deciding import Answer, Decider
from accessrules.resolving import Status

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Decision"]


class Decision:
    """The answer of one decision to one case.

    - `status`: `decided`, `undetermined`, `conflict` or `no_rule`;
    - `outcome`: the outcome's id, or None unless decided;
    - `model_dump()`: the explanation in full, as JSON data; its keys are described in `docs/decision-json.md`;
    - `explain(lang, format)`: the explanation in words.

    It remembers what was asked and explains on demand, so that an unexplained decision costs little.
    """

    __slots__ = ("_answer", "_asked", "_case", "_decider", "_report")

    def __init__(
        self,
        decider: Decider,
        answer: Answer,
        case: ReadCase | None,
        asked: tuple[Mapping[str, Any], dt.date | str | None] | None = None,
    ) -> None:
        """`case` as it was read, or what was `asked` (facts and day) where nothing but the answer was needed yet."""
        self._decider = decider
        self._answer = answer
        self._case = case
        self._asked = asked
        self._report: dict[str, Any] | None = None

    @property
    def status(self) -> Status:
        """`decided`, `undetermined`, `conflict` or `no_rule`."""
        return self._answer.status

    @property
    def outcome(self) -> str | None:
        """The outcome's id, or None unless the status is `decided`."""
        return self._answer.outcome

    @property
    def possible(self) -> tuple[str, ...]:
        """The outcomes that some completion of the case gives, sorted."""
        return self._answer.possible

    @property
    def decision(self) -> str:
        """The name of the decision."""
        return self._decider.decision

    @property
    def answer(self) -> Answer:
        """The answer before it is explained (rules by number): for this package's own use."""
        return self._answer

    @property
    def rules(self) -> RuleSet:
        """The rule set that decided."""
        return self._decider.rules

    @property
    def case(self) -> ReadCase:
        """The case as it was read: values typed, presumed facts apart."""
        if self._case is None:
            assert self._asked is not None
            self._case = self._decider.read(*self._asked, None)
        return self._case

    @property
    def rule(self) -> str | None:
        """The id of the deciding rule; None for a default, and where no rule decides."""
        from accessrules.explaining.report import deciding_rule

        return deciding_rule(self)

    @property
    def contested(self) -> list[dict[str, Any]]:
        """Other readings of the rules that it rests on: `rule`, `reading`, `by`, `note`."""
        from accessrules.exploring.readings import readings

        return readings(self._decider, self._answer, self.case.cells)

    def explain(self, lang: str = "en", format: str = "text", width: int | None = None) -> str:
        """The explanation in words.

        `lang` is `en` or `zh`; `format` is `text`, `md`, `html` (an escaped fragment) or `json`; `width` is the
        number of columns of text (80 where it is not given). Raises QueryError for any other.

        >>> from accessrules import load_rules
        >>> decision = load_rules().decide({"category": "pesticide"}, as_of="2018-03-14")
        >>> decision.explain(lang="zh", format="html").startswith("<section")
        True
        """
        from accessrules.explaining import explain

        return explain(self, lang, format, width)

    def why_not(self, rule_id: str) -> dict[str, Any]:
        """Why a rule does not decide: each of its tests with the case's value, and what it yielded to.

        Raises QueryError where the decision has no such rule.
        """
        from accessrules.explaining.whynot import why_not

        return why_not(self, rule_id)

    def model_dump(self) -> dict[str, Any]:
        """The explanation as JSON data: only dict, list, str, int, float, bool and None."""
        from accessrules.explaining.report import report

        if self._report is None:
            self._report = report(self)
        copy: dict[str, Any] = json.loads(json.dumps(self._report))
        return copy

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The explanation as JSON text: the same case under the same rule set gives the same bytes."""
        from accessrules.explaining.report import report

        if self._report is None:
            self._report = report(self)
        return json.dumps(self._report, ensure_ascii=False, indent=indent)

    def __reduce__(self) -> tuple[Any, ...]:
        case = self.case
        return _decide_again, (self.rules, self.decision, dict(case.facts), case.as_of, case.known_on)

    def __repr__(self) -> str:
        shown = self.outcome or f"{self.status}, possible: {', '.join(self.possible) or 'nothing'}"
        return f"<Decision {self.decision}: {shown}>"


def _decide_again(
    rules: RuleSet, name: str, facts: Mapping[str, Any], as_of: dt.date | None, known_on: dt.date | None
) -> Decision:
    """A decision sent to another process is decided again there: it is the same, byte for byte."""
    return rules.decide(facts, decision=name, as_of=as_of, known_on=known_on)
