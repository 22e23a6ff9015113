"""A rule set: loaded once, compiled once, then asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accessrules.cases import Case, asked_day
from accessrules.deciding import Decider
from accessrules.decision import Decision
from accessrules.diagrams import MOST_STEPS
from accessrules.drafts import Drafts
from accessrules.errors import Problem, QueryError
from accessrules.index import Index
from accessrules.resolving import Resolver
from accessrules.rules import FORMAT, SourceForm
from accessrules.suggesting import did_you_mean

if TYPE_CHECKING:
    from accessrules.changes import Changes
    from accessrules.findings import Findings
    from accessrules.portfolio import Portfolio
    from accessrules.precedence import Precedence

__all__ = ["MOST_BYTES", "RuleSet", "load_rules"]

MOST_BYTES = 16_000_000
"""A larger rule file is refused unread, unless the caller allows more."""

_NO_DRAFTS = Drafts()


class RuleSet:
    """A compiled rule set. It never changes, and any number of threads may ask it at once."""

    def __init__(
        self,
        form: SourceForm,
        *,
        most_steps: int = MOST_STEPS,
        drafts: Drafts = _NO_DRAFTS,
        index: Index | None = None,
    ) -> None:
        """Compile a rule set; `most_steps` bounds the search over unknown facts, beyond which answers are not exact.

        `drafts` tells of the proposals that the form has in it; `index` is the form's, where it is there already.
        """
        self._form, self._most_steps, self._drafts = form, most_steps, drafts
        self._index = index or Index(form)
        self._resolver = Resolver(self._index)
        self._deciders: dict[str | None, Decider] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(RuleSet, most_steps=self._most_steps, drafts=self._drafts), (self._form,)

    @property
    def form(self) -> SourceForm:
        """What the files say."""
        return self._form

    @property
    def index(self) -> Index:
        """The compiled form."""
        return self._index

    @property
    def precedence(self) -> Precedence:
        """Who defeats whom, and why."""
        return self._resolver.precedence

    @property
    def most_steps(self) -> int:
        """How many steps the search over unknown facts may take."""
        return self._most_steps

    @property
    def name(self) -> str:
        """The rule set's name."""
        return self.form.name

    @property
    def version(self) -> str:
        """The rule set's own version, and after a `+` each proposal that is applied as if it were law."""
        return "+".join((self.form.version, *self._drafts.names))

    @property
    def proposals(self) -> tuple[str, ...]:
        """The ids of the proposals that are applied, sorted."""
        return self._drafts.names

    @property
    def drafts(self) -> Drafts:
        """What is known of them beside the rules that they leave."""
        return self._drafts

    @cached_property
    def fingerprint(self) -> str:
        """`sha256:` and the digest of everything that the rules say; order, files and comments do not count."""
        from accessrules.fingerprint import fingerprint

        return fingerprint(self.form)

    def identity(self) -> dict[str, Any]:
        """What names the rule set in JSON: `name`, `version`, `fingerprint`, and the `format` of its files."""
        return {"name": self.name, "version": self.version, "fingerprint": self.fingerprint, "format": FORMAT}

    @property
    def default_decision(self) -> str | None:
        """The decision meant where none is named: the main one, or the only one; None where one must be named."""
        names = self.form.decisions
        return self.form.main or (next(iter(names)) if len(names) == 1 else None)

    def decider(self, decision: str | None = None) -> Decider:
        """What decides one decision: the named one, else the only one, else the main one."""
        names = self.form.decisions
        if decision is None:
            main = self.default_decision
            if main is None:
                help = did_you_mean("", _names(names), "decisions")
                raise QueryError([Problem("$.decision", "no decision is named", help)])
            return self._deciders.setdefault(None, self.decider(main))
        if not isinstance(decision, str) or decision not in names:
            help = did_you_mean(str(decision), _names(names), "decisions")
            raise QueryError([Problem("$.decision", f"unknown decision `{decision}`", help)])
        found = self._deciders.get(decision)
        if found is None:
            found = self._deciders.setdefault(decision, Decider(self, self._resolver, decision))
        return found

    def decide(
        self,
        case: Mapping[str, Any] | Case,
        *,
        decision: str | None = None,
        as_of: dt.date | str | None = None,
        known_on: dt.date | str | None = None,
    ) -> Decision:
        """Decide a case.

        `case` maps fact names to values; a number may carry its unit as text ("520 L"); None means unknown and
        not presumed. `as_of` is the day asked about, `known_on` the day as known on which it is asked (None: with
        everything known). Raises CaseError for facts that do not fit the vocabulary, QueryError for an unknown
        decision.

        >>> facts = {"category": "household_refrigerator", "effective_volume": "0.52 m3"}
        >>> load_rules().decide(facts, as_of="2018-03-14")
        <Decision access_route: production_licence>
        """
        try:
            decider = self._deciders[decision]
        except (KeyError, TypeError):  # not yet met, or no name at all
            decider = self.decider(decision)
        return decider.decide(case, as_of, known_on)

    def decide_all(
        self,
        case: Mapping[str, Any] | Case,
        *,
        as_of: dt.date | str | None = None,
        known_on: dt.date | str | None = None,
    ) -> dict[str, Decision]:
        """Every decision of the rule set on one case, by name; raises CaseError as `decide` does.

        >>> sorted(load_rules().decide_all({"category": "household_refrigerator"}))
        ['access_route', 'issuing_authority', 'market_clearance', 'oversight', 'procedure', 'reform_test']
        """
        return {d: self.decide(case, decision=d, as_of=as_of, known_on=known_on) for d in self.form.decisions}

    def ask(
        self,
        case: Mapping[str, Any] | Case,
        *,
        decision: str | None = None,
        as_of: dt.date | str | None = None,
        known_on: dt.date | str | None = None,
        skip: Collection[str] = (),
    ) -> dict[str, Any] | None:
        """The next best question, or None where no further fact can change the answer.

        Gives `fact`, `type`, `unit`, `question` (en, zh), `values` (each with the `outcomes` and `failures` that
        it leaves; ranges in the words of tests) and `may_remain`, the most questions that can follow. `skip`
        names facts that the person does not know. Raises CaseError, and QueryError for an unknown decision or fact.

        >>> load_rules().ask({"category": "household_refrigerator"}, as_of="2018-03-14")["fact"]
        'effective_volume'
        """
        from accessrules.exploring.asking import ask

        self._check_facts("skip", skip)
        return ask(self.decide(case, decision=decision, as_of=as_of, known_on=known_on).answer, self.index, skip)

    def flips(
        self,
        case: Mapping[str, Any] | Case,
        *,
        decision: str | None = None,
        as_of: dt.date | str | None = None,
        known_on: dt.date | str | None = None,
        over: Collection[str] | None = None,
        at_most: int = 2,
    ) -> list[dict[str, Any]]:
        """The smallest changes with another outcome: `changes` (fact to `from` and `to`), `outcome`, `decision`.

        Fewest facts first, then fewest cells moved; all ties are given, and each is decided again. Exact for
        changes of up to `at_most` facts. `over` names the facts that may change; without it, all known ones but
        categories and dates. Numbers are in the fact's unit. Raises CaseError, and QueryError for an unknown
        decision or fact.

        >>> (flip,) = load_rules().flips(
        ...     {"category": "household_refrigerator", "effective_volume": 520}, as_of="2018-03-14"
        ... )
        >>> flip["changes"], flip["outcome"]
        ({'effective_volume': {'from': 520, 'to': 499}}, 'ccc')
        """
        from accessrules.exploring.flips import flips

        if over is not None:
            self._check_facts("over", over)
        if not isinstance(at_most, int) or isinstance(at_most, bool) or at_most < 1:
            raise QueryError([Problem("$.at_most", f"`{at_most}` is no number of facts", "give 1 or more")])
        decider = self.decider(decision)
        return flips(decider, decider.read(case, as_of, known_on), over, at_most)

    def what_if(
        self,
        case: Mapping[str, Any] | Case,
        vary: Mapping[str, Any],
        *,
        decision: str | None = None,
        as_of: dt.date | str | None = None,
        known_on: dt.date | str | None = None,
    ) -> list[dict[str, Any]]:
        """Where along one or two facts the answer changes: `region`, `status`, `outcome`, `rule`.

        `vary` maps a fact (or `as_of`) to a range "400..600" with both ends included, a list of values, or "*".
        Bare numbers are in the fact's unit. The regions tile what is varied. Raises CaseError, and QueryError for
        an unknown decision or a range that cannot be varied.

        >>> for found in load_rules().what_if(
        ...     {"category": "household_refrigerator"}, {"effective_volume": "400..600"}, as_of="2018-03-14"
        ... ):
        ...     print(found["region"]["effective_volume"], found["outcome"])
        from 400 L to below 500 L ccc
        from 500 L to at most 600 L production_licence
        """
        from accessrules.exploring.whatif import what_if_map

        decider = self.decider(decision)
        return what_if_map(decider, decider.read(case, as_of, known_on), vary).dump()

    def timeline(
        self,
        case: Mapping[str, Any] | Case,
        *,
        decision: str | None = None,
        known_on: dt.date | str | None = None,
    ) -> list[dict[str, Any]]:
        """The periods of the answer: `from` (included; None for ever before), `until` (excluded; None for on and on),
        `status`, `outcome`, `rule`. They tile the calendar. Raises CaseError, and QueryError for an unknown decision.

        >>> load_rules().timeline({"category": "household_refrigerator", "effective_volume": 520})[-1]["from"]
        '2020-10-01'
        """
        from accessrules.exploring.timeline import timeline

        decider = self.decider(decision)
        return timeline(decider, decider.read(case, None, known_on))

    def portfolio(
        self,
        products: Sequence[Mapping[str, Any]],
        *,
        facts: Mapping[str, Any] | None = None,
        as_of: dt.date | str | None = None,
        known_on: dt.date | str | None = None,
    ) -> Portfolio:
        """The approvals that one enterprise needs for its products, before and after merging.

        Each product is a mapping with its own `facts` and, if it has one, a `name`; `facts` are those that all
        products share, before which a product's own go. What counts as an approval is an outcome of the main
        decision that the rule set does not declare `approval: false`; which certificates are merged stands in the
        details of the rules (`one_certificate_per`). Raises CaseError with every problem of every product
        (`$.products[2].facts.effective_volume`), and QueryError where the rule set has no main decision.

        >>> large = {"category": "household_refrigerator", "effective_volume": "520 L"}
        >>> portfolio = load_rules().portfolio([{"name": "XL", "facts": large}], as_of="2018-03-14")
        >>> portfolio.products[0].outcome, portfolio.before.least, portfolio.before.most
        ('production_licence', 1, 1)
        """
        from accessrules.portfolio import portfolio

        return portfolio(self, products, {} if facts is None else facts, as_of, known_on)

    def check(self, *, known_on: dt.date | str | None = None, most_steps: int | None = None) -> Findings:
        """What a drafter should look at: conflicts, gaps, rules without effect, settled overlaps and more.

        Complete over everything that a case can give, on all days, with everything known (or as known on `known_on`);
        a part that takes more than `most_steps` steps is told as `not_analysed`. The casebook of the folder that the
        rules come from is run too. Each finding has `code`, `severity`, `rules`, `message`, `region`, `witness`,
        `places`, `help`. Raises QueryError for an impossible day, RuleFileError for a broken casebook.

        >>> load_rules().check().of("error")
        ()
        """
        from accessrules.atlas import MOST_STEPS as MOST_OF_ATLAS
        from accessrules.checking import check

        return check(self, asked_day("known_on", known_on), most_steps or MOST_OF_ATLAS)

    def diff(self, other: RuleSet, *, known_on: dt.date | str | None = None) -> Changes:
        """Where another rule set answers differently from this one: disjoint regions with both sides and a witness.

        Complete, on all days, with everything known (or as known on `known_on`). A change is of an `answer`, of its
        `details`, or of its `reasons` alone (rules, sources, confidence, readings). What only one of the two knows
        cannot be compared: it is `added` or `removed`. Without `known_on`, `publications` has the days between which
        only one of them knows a rule: as known then, answers may differ too. Raises QueryError for an impossible day,
        and for a fact with another type or unit.

        >>> rules = load_rules()
        >>> rules.diff(rules)
        <Changes: 0 answer, 0 details, 0 reasons>
        """
        from accessrules.comparing import compare

        return compare(self, other, asked_day("known_on", known_on))

    def propose(self, proposal: str | Path | Mapping[str, Any]) -> RuleSet:
        """The rule set as it would be if a proposal were law; this one stays as it is.

        `proposal` is the path of a file, or what such a file says as a mapping: `proposal` (an id), `title`, and
        any of `base`, `instruments`, `insert`, `amend`, `repeal`, `cases` (docs/rule-format.md, Proposals). What is
        unchanged is shared, so that this takes a fraction of a load. Raises RuleFileError with every problem.

        >>> proposed = load_rules().propose(
        ...     {
        ...         "proposal": "no-small-ccc",
        ...         "title": "Small refrigerators are freed",
        ...         "instruments": {
        ...             "draft": {
        ...                 "title": "A draft",
        ...                 "issuer": "samr",
        ...                 "rank": "rule",
        ...                 "published": "2026-01-01",
        ...                 "confidence": "unverified",
        ...             }
        ...         },
        ...         "repeal": [{"id": "refrigerator.small.ccc", "from": "2027-01-01"}],
        ...     }
        ... )
        >>> small = {"category": "household_refrigerator", "effective_volume": 100}
        >>> proposed.version, [proposed.decide(small, as_of=day).outcome for day in ("2026-12-31", "2027-01-01")]
        ('2026.1+no-small-ccc', ['ccc', 'no_approval'])
        """
        from accessrules.proposals import propose

        return propose(self, proposal)

    def decide_table(
        self,
        table: Any,
        *,
        decision: str | None = None,
        as_of: dt.date | str | None = None,
        as_of_column: str | None = None,
        known_on: dt.date | str | None = None,
        mapping: Mapping[str, Any] | None = None,
        also: Sequence[str] = (),
        threads: int | None = None,
    ) -> Any:
        """Decide every row of a table as `decide` would alone; gives an Arrow table (extra `tables`).

        `table`: Arrow, Polars or pandas, or the path or glob of CSV, JSON Lines or Parquet files; or a Spark DataFrame,
        of which it gives another, decided by the workers when it is asked for (extra `spark`). A column is the fact
        of its name, or what `mapping` says of it: another fact, None, or `{"fact": …, "unit": "m3"}`. A null is
        unknown and not presumed, as None is in a case; with `"null": "not given"` in the mapping it is presumed where
        the vocabulary says so. Each row's day asked about stands in the column `as_of`, or in `as_of_column`, or in the
        one that `as_of` names; else it is `as_of`.

        After the table's own columns come `status`, `outcome`, `rule` (the deciding rule's id) and `problems`: a row
        that `decide` would refuse has the status `rejected`, and why. `also` asks for more columns: `possible`
        (outcomes), `needs` (missing facts, best question first), `explanation` (JSON, made row by row). `threads` work
        at once (None: one a core; Spark has its own). Raises RegisterError for columns that are unclear or a file that
        cannot be read, and QueryError for an unknown decision or an impossible day.
        """
        from accessrules.tables import Question, check_installed

        check_installed("$.table", table)
        question = Question(decision, as_of, as_of_column, known_on, {} if mapping is None else mapping, also)
        return self._tables.decide_table(table, question, threads)

    @cached_property
    def _tables(self) -> Any:
        from accessrules.tables.table import Tables

        return Tables(self)

    def _check_facts(self, what: str, names: Collection[str]) -> None:
        """Raise QueryError where `names` is no list of facts that a case can give."""
        if isinstance(names, str) or not isinstance(names, Collection):
            raise QueryError([Problem(f"$.{what}", f"`{names}` is no list of facts", 'write `["purpose"]`')])
        known = {fact.name: (fact.label.en,) for fact in self.index.facts.values() if not fact.derived}
        problems = [
            Problem(f"$.{what}", f"unknown fact `{name}`", did_you_mean(str(name), known, "facts"))
            for name in names
            if name not in known
        ]
        if problems:
            raise QueryError(problems)


def _names(decisions: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(decisions, ())


def load_rules(folder: str | Path | None = None, *, most_bytes: int = MOST_BYTES) -> RuleSet:
    """Load a rule set: the shipped rules, or those of a folder.

    Raises RuleFileError with every problem of every file; a rule set with a problem never loads in part. A file
    larger than `most_bytes` bytes is one.

    >>> load_rules().name
    'cn-market-access'
    """
    # Here, because whoever builds a rule set otherwise, or only catches errors, needs no YAML and no pydantic.
    from accessrules.reading.loading import read_folder, shipped_folder

    return RuleSet(read_folder(shipped_folder() if folder is None else Path(folder), most_bytes))
