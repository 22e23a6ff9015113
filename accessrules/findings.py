"""What the checker reports: findings, each with a region, a witness and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, overload

from accessrules.texts import Text

__all__ = ["CODES", "SEVERITIES", "Finding", "Findings", "Severity"]

Severity: TypeAlias = Literal["error", "warning", "note"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""From worst to mildest."""

CODES: Mapping[str, Severity] = {
    "conflict": "error",
    "gap": "error",
    "case": "error",
    "never_prevails": "warning",
    "dead_clause": "warning",
    "redundant": "warning",
    "outside_instrument": "warning",
    "retroactive": "warning",
    "unused": "warning",
    "dead_exception": "warning",
    "not_analysed": "warning",
    "settled_overlap": "note",
}
"""Each code with its severity, in the order in which findings are listed. A gap that is meant is only a note."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the checker reports.

    `rules` are ids (a dead rule stands first), `region` maps facts to tests in words (empty: everywhere, or no region
    at all), `witness` is a case that shows it: `facts`, `as_of`, `known_on` (None where no case does). `places` are
    `file:line` of what is involved. `message` and `help` are there in both languages.
    """

    code: str
    decision: str | None
    rules: tuple[str, ...]
    message: Text
    help: Text
    severity: Severity
    region: Mapping[str, str] = field(default_factory=dict)
    witness: Mapping[str, Any] | None = None
    places: tuple[str, ...] = ()

    def model_dump(self, lang: str = "en") -> dict[str, Any]:
        """The finding as plain data; message and help in the language."""
        return {
            "code": self.code,
            "severity": self.severity,
            "decision": self.decision,
            "rules": list(self.rules),
            "message": self.message.say(lang),
            "region": dict(self.region),
            "witness": dict(self.witness) if self.witness is not None else None,
            "places": list(self.places),
            "help": self.help.say(lang),
        }

    @property
    def order(self) -> tuple[Any, ...]:
        """Errors first, then by code, decision, rules and region."""
        codes = list(CODES)
        return (
            SEVERITIES.index(self.severity),
            codes.index(self.code),
            self.decision or "",
            self.rules,
            sorted(self.region.items()),
            self.message.en,
        )


class Findings(Sequence[Finding]):
    """All findings of a rule set, worst first. It is true where there are any."""

    def __init__(self, found: Sequence[Finding]) -> None:
        self._found = tuple(sorted(found, key=lambda one: one.order))

    @overload
    def __getitem__(self, n: int) -> Finding: ...
    @overload
    def __getitem__(self, n: slice) -> Sequence[Finding]: ...
    def __getitem__(self, n: int | slice) -> Finding | Sequence[Finding]:
        return self._found[n]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._found)

    def __repr__(self) -> str:
        return f"<Findings: {', '.join(f'{len(self.of(s))} {s}' for s in SEVERITIES)}>"

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """Those of one severity."""
        return tuple(one for one in self if one.severity == severity)

    def model_dump(self, lang: str = "en") -> list[dict[str, Any]]:
        """The findings as plain data, worst first."""
        return [one.model_dump(lang) for one in self]

    def model_dump_json(self, lang: str = "en") -> str:
        """The findings as JSON, the same bytes every time."""
        return json.dumps(self.model_dump(lang), ensure_ascii=False)
