"""A portfolio: the products of one enterprise, what each needs, and the certificates before and after merging."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product as combinations
from typing import TYPE_CHECKING, Any

from accessrules.cases import ReadCase, case_of, read_case, read_facts
from accessrules.certificates import Approval, Certificates, Needed, certificates, narrower
from accessrules.deciding import Answer, Decider
from accessrules.errors import CaseError, Problem
from accessrules.exploring.asking import needs
from accessrules.exploring.neighbours import short
from accessrules.resolving import Status
from accessrules.rules import ONE_CERTIFICATE_PER
from accessrules.suggesting import did_you_mean
from accessrules.values import Unreadable, json_value

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Portfolio", "ProductAnswer", "ShortAnswer", "portfolio"]

_KEYS = ("name", "facts")


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The answer of one decision to one product, in short: rules and facts by name.

    `needs` are the facts that can change it, best question first; `open` the rules whose sources leave it open,
    `conflict` those that disagree, `via` earlier decisions that failed. `scopes` are what one certificate may be
    for by its details; None stands for details that do not say.
    """

    status: Status
    outcome: str | None
    rule: str | None
    possible: tuple[str, ...]
    possible_status: tuple[Status, ...]
    needs: tuple[str, ...]
    open: tuple[str, ...]
    conflict: tuple[str, ...]
    via: tuple[str, ...]
    scopes: frozenset[str | None]

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "status": self.status,
            "outcome": self.outcome,
            "rule": self.rule,
            "possible": list(self.possible),
            "needs": list(self.needs),
            "open": list(self.open),
            "conflict": list(self.conflict),
            "via": list(self.via),
        }


@dataclass(frozen=True, slots=True)
class ProductAnswer:
    """A product with its answers. `facts` are its own, as JSON carries them; `answers` has every decision by name.

    `status`, `outcome` and `rule` are those of the main decision. `approval` says whether the outcome is one;
    `one_certificate_per` for what its certificate is issued (None: for the product). Both are None while they are
    not known; `unsettled` names the decisions that this rests on.
    """

    name: str
    facts: Mapping[str, Any]
    status: Status
    outcome: str | None
    rule: str | None
    approval: bool | None
    one_certificate_per: str | None
    unsettled: tuple[str, ...]
    answers: Mapping[str, ShortAnswer]

    def dump(self) -> dict[str, Any]:
        """As JSON carries it."""
        return {
            "name": self.name,
            "facts": dict(self.facts),
            "status": self.status,
            "outcome": self.outcome,
            "rule": self.rule,
            "approval": self.approval,
            "one_certificate_per": self.one_certificate_per,
            "unsettled": list(self.unsettled),
            "decisions": {name: answer.dump() for name, answer in self.answers.items()},
        }


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What an enterprise needs for its products on a day.

    `facts` are shared by all products, `presumed` is what the vocabulary presumed for at least one of them.
    `before` has the certificates that it would hold one by one, `after` those that it holds as the law of the day
    merges them.
    """

    decision: str
    as_of: dt.date | None
    known_on: dt.date | None
    facts: Mapping[str, Any]
    presumed: Mapping[str, Any]
    products: tuple[ProductAnswer, ...]
    before: Certificates
    after: Certificates
    ruleset: Mapping[str, Any]

    @property
    def unsettled(self) -> tuple[ProductAnswer, ...]:
        """The products of which it is not settled what they need."""
        return tuple(one for one in self.products if one.unsettled)

    def model_dump(self) -> dict[str, Any]:
        """The portfolio as JSON data: only dict, list, str, int, float, bool and None."""
        return {
            "decision": self.decision,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "facts": dict(self.facts),
            "presumed": dict(self.presumed),
            "products": [one.dump() for one in self.products],
            "before": self.before.dump(),
            "after": self.after.dump(),
            "ruleset": dict(self.ruleset),
        }

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The portfolio as JSON text: the same products under the same rule set give the same bytes."""
        return json.dumps(self.model_dump(), ensure_ascii=False, indent=indent)


def portfolio(
    rules: RuleSet,
    products: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
    as_of: dt.date | str | None,
    known_on: dt.date | str | None,
) -> Portfolio:
    """The answers for every product, and the certificates; raises CaseError as `RuleSet.portfolio` says."""
    main = rules.decider()
    shared, given = _read(rules, products, facts, as_of, known_on)
    asker = _Asker(rules, main.decision)
    answers: list[ProductAnswer] = []
    needed: list[Needed] = []
    presumed: dict[str, Any] = {}
    for name, own in given:
        case = case_of(rules.index, {**shared.facts, **own}, shared.as_of, shared.known_on)
        presumed.update((f, json_value(v)) for f, v in case.presumed.items() if f in main.chain.facts)
        answer, need = asker.product(name, own, case)
        answers.append(answer)
        needed.append(need)
    return Portfolio(
        decision=main.decision,
        as_of=shared.as_of,
        known_on=shared.known_on,
        facts=shared.json_facts(),
        presumed=dict(sorted(presumed.items())),
        products=tuple(answers),
        before=certificates(needed, merged=False),
        after=certificates(needed, merged=True),
        ruleset=rules.identity(),
    )


# ---------------------------------------------------------------------------------------------------- reading

_Given = list[tuple[str, dict[str, Any]]]
"""Each product's name and its own facts, typed."""


def _read(
    rules: RuleSet, products: object, facts: Mapping[str, Any], as_of: dt.date | str | None, known_on: Any
) -> tuple[ReadCase, _Given]:
    """What all products share as a case, and each product; raises CaseError with every problem of all of them."""
    problems: list[Problem] = []
    shared = case_of(rules.index, {}, None, None)
    try:
        shared = read_case(rules.index, facts, as_of, known_on)
    except CaseError as wrong:
        problems.extend(wrong.problems)
    given: _Given = []
    if isinstance(products, (str, bytes, Mapping)) or not isinstance(products, Sequence):
        problems.append(Problem("$.products", "the products are not a list", _EXAMPLE))
    elif not products:
        problems.append(Problem("$.products", "there are no products", _EXAMPLE))
    else:
        given = list(_each(rules, products, problems))
    if problems:
        raise CaseError(problems)
    return shared, given


_EXAMPLE = "give a list such as `- {name: A, facts: {…}}`"


def _each(rules: RuleSet, products: Sequence[Any], problems: list[Problem]) -> Iterator[tuple[str, dict[str, Any]]]:
    known_wrong: dict[Hashable, Unreadable] = {}
    first: dict[str, int] = {}
    for n, one in enumerate(products):
        path = f"$.products[{n}]"
        if not isinstance(one, Mapping):
            problems.append(Problem(path, "the product is not a mapping", "write its name and its `facts:`"))
            continue
        problems.extend(_unknown_key(key, path, rules) for key in one if key not in _KEYS)
        own = read_facts(rules.index, one.get("facts", {}), f"{path}.facts", problems, known_wrong)
        name = f"#{n + 1}" if one.get("name") is None else one["name"]
        if not isinstance(name, str) or not name.strip():
            problems.append(Problem(f"{path}.name", f"`{name}` is not a name", "write text, in quotes, or no name"))
        elif name in first:
            message = f"the name `{name}` is taken, see `$.products[{first[name]}]`"
            problems.append(Problem(f"{path}.name", message, "give the product another name"))
        else:
            first[name] = n
            yield name, own


def _unknown_key(key: object, path: str, rules: RuleSet) -> Problem:
    is_fact = isinstance(key, str) and key in rules.form.vocabulary
    help = f"write `{key}` under `facts:`" if is_fact else did_you_mean(str(key), dict.fromkeys(_KEYS, ()), "keys")
    return Problem(f"{path}.{key}", f"unknown key `{key}`", help)


# ---------------------------------------------------------------------------------------------------- deciding


class _Asker:
    """Asks every decision about products; what is the same to the rules is decided once."""

    def __init__(self, rules: RuleSet, main: str) -> None:
        self.rules, self.main = rules, main
        self.deciders: dict[str, Decider] = {name: rules.decider(name) for name in rules.form.decisions}
        self.no_approval = rules.form.decisions[main].no_approval
        self.categories = [f for f in rules.form.vocabulary if f.type == "category" and not f.derived]
        self._remembered: dict[Hashable, ShortAnswer] = {}

    def product(self, name: str, own: Mapping[str, Any], case: ReadCase) -> tuple[ProductAnswer, Needed]:
        """The answers to one product, and what it may need."""
        answers = {decision: self._answer(decider, case) for decision, decider in self.deciders.items()}
        main = answers[self.main]
        approvals = [outcome for outcome in main.possible if outcome not in self.no_approval]
        scopes = {_narrowest(chosen) for chosen in combinations(*(one.scopes for one in answers.values()))}
        category = self._category(case)
        failing = not {"conflict", "no_rule"}.isdisjoint(main.possible_status)
        need = Needed(
            product=name,
            approvals=frozenset(Approval(o, s, category) for o in approvals for s in scopes),
            nothing=len(approvals) < len(main.possible),
            anything=failing,
        )
        is_settled = need.approval is not None or (need.nothing and not approvals and not failing)
        told = ProductAnswer(
            name=name,
            facts={fact: json_value(value) for fact, value in own.items()},
            status=main.status,
            outcome=main.outcome,
            rule=main.rule,
            approval=None if main.outcome is None else main.outcome not in self.no_approval,
            one_certificate_per=need.approval.scope if need.approval else None,
            unsettled=() if is_settled and main.outcome is not None else tuple(self._unsettled(answers)),
            answers=answers,
        )
        return told, need

    def _answer(self, decider: Decider, case: ReadCase) -> ShortAnswer:
        key = (decider.decision, *(case.cells.get(fact) for fact in decider.chain.facts))
        found = self._remembered.get(key)
        if found is None:
            found = self._remembered[key] = _shortened(decider.answer(case.cells), decider)
        return found

    def _category(self, case: ReadCase) -> tuple[tuple[str, str], ...]:
        """Each category fact with its value; nothing where one is unknown, or an inner category."""
        values = {**case.presumed, **case.facts}
        known = [(f.name, str(values[f.name])) for f in self.categories if values.get(f.name) in f.leaves]
        return tuple(known) if len(known) == len(self.categories) else ()

    def _unsettled(self, answers: Mapping[str, ShortAnswer]) -> Iterator[str]:
        """The decisions that it rests on what is needed: the main one; else those that may merge or not."""
        if answers[self.main].status != "decided":
            yield self.main
        else:
            yield from (name for name, answer in answers.items() if len(answer.scopes) > 1)


def _narrowest(scopes: Sequence[str | None]) -> str | None:
    found: str | None = None
    for scope in scopes:
        found = narrower(found, scope)
    return found


def _shortened(answer: Answer, decider: Decider) -> ShortAnswer:
    index = decider.index
    status, outcome, rule = short(answer, index, decider.chain.resolver.precedence)
    at_odds = {n for one in (*answer.resolutions, *answer.failed) for n in one.conflict}
    # INVARIANT: what is there is one of SCOPES: the reading of rule files sees to it.
    scopes = [(one.details or {}).get(ONE_CERTIFICATE_PER) for one in answer.resolutions]
    return ShortAnswer(
        status=status,
        outcome=outcome,
        rule=rule,
        possible=answer.possible,
        possible_status=answer.possible_status,
        needs=tuple(one["fact"] for one in needs(answer, index)),
        open=tuple(sorted(index.rules[n].id for n in answer.open_rules)),
        conflict=tuple(sorted(index.rules[n].id for n in at_odds)),
        via=answer.via,
        scopes=frozenset(str(one) if one is not None else None for one in scopes or [None]),
    )
