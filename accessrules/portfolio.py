"""A portfolio: the products of one enterprise, what each needs, and the certificates before and after merging."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product as combinations
from typing import TYPE_CHECKING, Any

from accessrules.axes import bits_of
from accessrules.cases import ReadCase, case_of, read_case, read_facts
from accessrules.certificates import Approval, Certificates, Needed, certificates, narrower
from accessrules.deciding import Decider
from accessrules.errors import CaseError, Problem
from accessrules.resolving import Status
from accessrules.shortanswers import ShortAnswer, facts_of_readings, short_answer
from accessrules.suggesting import did_you_mean
from accessrules.values import Unreadable, json_value

if TYPE_CHECKING:
    from accessrules.ruleset import RuleSet

__all__ = ["Portfolio", "ProductAnswer", "ShortAnswer", "portfolio"]

_KEYS = ("name", "facts")


@dataclass(frozen=True, slots=True)
class ProductAnswer:
    """A product with its answers. `facts` are its own, as JSON carries them; `answers` has every decision by name.

    `status`, `outcome` and `rule` are those of the main decision. `approval` says whether the outcome is one;
    `one_certificate_per` for what its certificate is issued (None: for the product). Both are None while they are
    not known; `unsettled` names the decisions that this rests on, `needs` the facts that can settle it.
    """

    name: str
    facts: Mapping[str, Any]
    status: Status
    outcome: str | None
    rule: str | None
    approval: bool | None
    one_certificate_per: str | None
    unsettled: tuple[str, ...]
    needs: tuple[str, ...]
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
            "needs": list(self.needs),
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
        about = self.deciders[main].chain.facts  # a category of something else says nothing of the product
        self.categories = [rules.index.axes[f] for f in about if rules.index.facts[f].type == "category"]
        self._read_otherwise = {name: facts_of_readings(rules.index, name) for name in self.deciders}
        self._approvals_of: dict[Hashable, frozenset[Approval]] = {}
        self._given: dict[tuple[str, str], Decider] = {}
        self._remembered: dict[Hashable, ShortAnswer] = {}

    def product(self, name: str, own: Mapping[str, Any], case: ReadCase) -> tuple[ProductAnswer, Needed]:
        """The answers to one product, and what it may need."""
        answers = {decision: self._answer(decider, case) for decision, decider in self.deciders.items()}
        main = answers[self.main]
        outcomes = [outcome for outcome in main.possible if outcome not in self.no_approval]
        scopes = {outcome: frozenset(self._scopes(outcome, answers, case)) for outcome in outcomes}
        need = Needed(
            product=name,
            approvals=self._approvals(scopes, case),
            nothing=len(outcomes) < len(main.possible),
            anything=not {"conflict", "no_rule"}.isdisjoint(main.possible_status),
        )
        known = next(iter(need.approvals), None) if need.is_settled else None
        told = ProductAnswer(
            name=name,
            facts={fact: json_value(value) for fact, value in own.items()},
            status=main.status,
            outcome=main.outcome,
            rule=main.rule,
            approval=None if main.outcome is None else main.outcome not in self.no_approval,
            one_certificate_per=known.scope if known else None,
            unsettled=() if need.is_settled and main.outcome is not None else self._unsettled(answers),
            needs=() if need.is_settled and main.outcome is not None else self._needs(answers, need),
            answers=answers,
        )
        return told, need

    def _approvals(self, scopes: Mapping[str, frozenset[str | None]], case: ReadCase) -> frozenset[Approval]:
        """What it may need: each outcome with each scope, and with each category where a certificate is shared."""
        masks = tuple(case.cells.get(axis.fact.name, axis.everything) for axis in self.categories)
        key = (*scopes.items(), masks)
        found = self._approvals_of.get(key)
        if found is None:
            each = [
                [(axis.fact.name, str(axis.named[cell])) for cell in bits_of(mask)]
                for axis, mask in zip(self.categories, masks, strict=True)
            ]
            found = self._approvals_of[key] = frozenset(
                Approval(outcome, scope, category)
                for outcome, some in scopes.items()
                for scope in some
                for category in (combinations(*each) if scope else [()])
            )
        return found

    def _scopes(self, outcome: str, answers: Mapping[str, ShortAnswer], case: ReadCase) -> set[str | None]:
        """What the certificate of that outcome may be for; where the decisions differ, the narrowest of them."""
        each = []
        for name, answer in answers.items():
            if name == self.main:
                each.append(answer.scopes_of(outcome))
            elif answers[self.main].status == "decided" or self.main not in self.deciders[name].chain.decisions:
                each.append(answer.scopes_of())
            else:
                each.append(self._answer(self._decider_given(name, outcome), case, outcome).scopes_of())
        return {_narrowest(chosen) for chosen in combinations(*each)}

    def _decider_given(self, decision: str, outcome: str) -> Decider:
        """What decides a later decision as if the main one came to that outcome."""
        found = self._given.get((decision, outcome))
        if found is None:
            resolver = self.deciders[decision].chain.resolver
            found = self._given[decision, outcome] = Decider(self.rules, resolver, decision, {self.main: outcome})
        return found

    def _answer(self, decider: Decider, case: ReadCase, given: str | None = None) -> ShortAnswer:
        facts = (*decider.chain.facts, *self._read_otherwise[decider.decision])
        key = (decider.decision, given, *(case.cells.get(fact) for fact in facts))
        found = self._remembered.get(key)
        if found is None:
            found = self._remembered[key] = short_answer(case.cells, decider)
        return found

    def _unsettled(self, answers: Mapping[str, ShortAnswer]) -> tuple[str, ...]:
        """The decisions that it rests on what is needed: those that may merge or not, else the main one."""
        if answers[self.main].status != "decided":
            return (self.main,)
        return tuple(name for name, answer in answers.items() if len(answer.scopes_of()) > 1) or (self.main,)

    def _needs(self, answers: Mapping[str, ShortAnswer], need: Needed) -> tuple[str, ...]:
        """The facts that can settle it: those that its decisions need, and the category where that is not sure."""
        categories = [dict(approval.category) for approval in need.approvals if approval.category]
        unsure = [a.fact.name for a in self.categories if len({c[a.fact.name] for c in categories}) > 1]
        asked = (fact for name in self._unsettled(answers) for fact in answers[name].needs)
        return tuple(dict.fromkeys((*asked, *unsure)))


def _narrowest(scopes: Sequence[str | None]) -> str | None:
    found: str | None = None
    for scope in scopes:
        found = narrower(found, scope)
    return found
