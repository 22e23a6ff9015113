"""The whole query: each row's cells as numbers, each combination of them decided once, and joined back to the rows.

    value    the anchor's values with their codes (see `packing.py`)
    asked    the combinations of code and words that occur in the table
    reached  for each of them the kinds whose boxes it meets, put together
    answer   its status, outcome and rule

Deciding combinations and not rows is what makes it quick: rows are many, combinations few.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from accessrules.axes import Axis
from accessrules.exporting.cells import any_of, number, problem_texts, words_of, wrong
from accessrules.exporting.kinds import Kinds
from accessrules.exporting.packing import Packing
from accessrules.exporting.plan import ANSWERS, Plan
from accessrules.resolving import status_of

__all__ = ["Parts", "query"]

_ROW = "case"
_REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a query is written from: `kind_of` has the kind of each box, `table` the user's own, `prefix` begins the
    names of the columns that it adds."""

    plan: Plan
    kinds: Kinds
    packing: Packing
    rows: Sequence[tuple[int | None, ...]]
    kind_of: Sequence[int]
    table: exp.Table
    prefix: str


def query(parts: Parts) -> exp.Select:
    """The query that decides each row of the table."""
    return _Query(parts).select()


class _Query:
    def __init__(self, parts: Parts) -> None:
        self.parts, self.packing, self.kinds = parts, parts.packing, parts.kinds
        self.anchor = parts.packing.anchor
        self.words = [f"word_{n}" for n in range(len(parts.packing.guards))]
        self.keys = ["code", *self.words]
        self.stem = "accessrules"
        while parts.table.name.lower().startswith(self.stem):  # a table of ours must not hide the user's
            self.stem = f"_{self.stem}"
        self.problems = self._problems()

    def select(self) -> exp.Select:
        """The rows with their answers."""
        coded = self._codes()
        answered = [exp.EQ(this=value, expression=_column(key, "answer")) for key, value in coded.items()]
        told = {name: self._by_name(name) for name in ANSWERS}
        told["status"] = exp.func("COALESCE", told["status"], exp.Literal.string(_REJECTED))
        told["problems"] = exp.func("COALESCE", problem_texts(self.problems), told["problems"])
        select = exp.select(exp.Column(this=exp.Star(), table=_name(_ROW)))
        select = select.select(*(_as(f"{self.parts.prefix}{name}", value) for name, value in told.items()))
        select = self._from_table(select).join(
            self._table("answer"), on=exp.and_(*answered), join_type="left", copy=False
        )
        for name, made in self._common().items():
            select = select.with_(_name(f"{self.stem}_{name}"), as_=made, copy=False)
        return select

    def _by_name(self, name: str) -> exp.Column:
        """A column of the answer by its name alone: where the table has such a column too, every database refuses the
        statement as ambiguous, and none shows the table's in the place of the answer's."""
        return exp.Column(this=_name(f"{self.parts.prefix}{name}"))

    def _common(self) -> dict[str, exp.Select]:
        """The queries that come before, by name."""
        found: dict[str, exp.Select] = {}
        if self.anchor:
            idle = [f"idle_{n}" for n in range(len(self.words))]
            values = [(value, code, *self.anchor.idle[code]) for value, code in self.anchor.codes.items()]
            members = [(code, box) for code, some in self.anchor.members.items() for box in some]
            found["value"] = _values(("value", "code", *idle), values)
            found["member"] = _values(("code", "box"), members)
        boxes = [(n, kind, *words) for n, (kind, words) in enumerate(self._boxes())]
        found["box"] = _values(("box", "kind", *self.words), boxes)
        found["kind"] = _values(("kind", *self.kinds.columns), [(n, *row) for n, row in enumerate(self.parts.rows)])
        found["way"] = _values(("way", "status", "outcome"), self._ways())
        rules = self.parts.plan.rules.index.rules
        named = [(n, rules[rule].id) for n, rule in enumerate(self.kinds.rules, 1)]
        found["rule"] = _values(("number", "rule"), [(0, None), *named])
        if self.kinds.words:
            found["shared"] = _values(("way", "word", "bit", "number"), self.kinds.shared)
        return {**found, "asked": self._asked(), "reached": self._reached(), "answer": self._answer()}

    def _boxes(self) -> Iterable[tuple[int, tuple[int, ...]]]:
        return zip(self.parts.kind_of, self.packing.boxes, strict=True)

    def _ways(self) -> list[tuple[int, str, str | None]]:
        found: list[tuple[int, str, str | None]] = []
        for n, ends in enumerate(self.kinds.ways, 1):
            status = status_of(ends)
            found.append((n, status, next(iter(ends)) if status == "decided" else None))
        return found

    # ----------------------------------------------------------------------------------------------------- the rows

    def _axis(self, fact: str) -> Axis:
        return self.parts.plan.rules.index.axes[fact]

    def _given(self, fact: str) -> exp.Expression:
        """The value of a fact. Names are read as text, whatever text their column is: else Spark, where CHAR(n) and
        collations are in play, would compare with a list of names otherwise than with a table of them."""
        column = _column(self.parts.plan.columns[fact], _ROW)
        declared = self.parts.plan.fact(fact)
        return exp.cast(column, "text") if declared.values and declared.type != "boolean" else column

    def _problems(self) -> dict[str, tuple[exp.Expression, str]]:
        """For each column what is wrong with it, where something may be."""
        found: dict[str, tuple[exp.Expression, str]] = {}
        for fact, column in self.parts.plan.columns.items():
            problem = wrong(self._given(fact), self._axis(fact).fact)
            if problem and self.anchor and fact == self.anchor.fact:
                # The join with the anchor's values has found out already.
                unknown = exp.Is(this=_column("code", "value"), expression=exp.Null())
                given = exp.Is(this=self._given(fact), expression=exp.Null()).not_()
                problem = exp.and_(given, unknown), problem[1]
            if problem:
                found[column] = problem
        return found

    def _codes(self) -> dict[str, exp.Expression]:
        """A row's code and words; no answer has the code of a row that is rejected."""
        code: exp.Expression = number(0)
        if self.anchor:
            code = exp.func("COALESCE", _column("code", "value"), number(0))
        rejected = any_of(test for test, _ in self.problems.values())
        if rejected is not None:
            code = exp.case().when(rejected, number(-1)).else_(code)
        parts: dict[int, exp.Expression] = {}
        for field in self.packing.fields:
            for word, bits in words_of(field, self._given(field.fact), self._axis(field.fact)).items():
                parts[word] = exp.Add(this=parts[word], expression=bits) if word in parts else bits
        words = {name: self._told(n, parts[n]) for n, name in enumerate(self.words)}
        return {"code": code, **words}

    def _told(self, word: int, bits: exp.Expression) -> exp.Expression:
        """A word with all bits of the fields that make no difference for the row's code: so combinations are fewer."""
        if not self.anchor or not any(idle[word] for idle in self.anchor.idle.values()):
            return bits
        idle = exp.func("COALESCE", _column(f"idle_{word}", "value"), number(self.anchor.idle[0][word]))
        return exp.paren(exp.BitwiseOr(this=exp.paren(bits, copy=False), expression=idle), copy=False)

    def _from_table(self, select: exp.Select) -> exp.Select:
        table = self.parts.table.copy()
        table.set("alias", exp.TableAlias(this=_name(_ROW)))
        select = select.from_(table, copy=False)
        if not self.anchor:
            return select
        on = exp.EQ(this=_column("value", "value"), expression=self._given(self.anchor.fact))
        return select.join(self._table("value"), on=on, join_type="left", copy=False)

    def _asked(self) -> exp.Select:
        return self._from_table(exp.select(*(_as(name, one) for name, one in self._codes().items())).distinct())

    # -------------------------------------------------------------------------------------------------- the answers

    def _reached(self) -> exp.Select:
        keys = [_column(key, "asked") for key in self.keys]
        select = exp.select(*keys, *(_as(name, _together(name)) for name in self.kinds.columns))
        select = select.from_(self._table("asked"), copy=False)
        meeting = self._meeting()
        if self.anchor:
            select = self._joined(select, "member", "asked", "code")
            meeting.insert(0, exp.EQ(this=_column("box", "box"), expression=_column("box", "member")))
        else:
            # Without an anchor, nothing else keeps the rejected combination out.
            select = select.where(exp.GTE(this=_column("code", "asked"), expression=number(0)), copy=False)
        select = select.join(self._table("box"), on=exp.and_(*meeting) if meeting else exp.true(), copy=False)
        select = self._joined(select, "kind", "box", "kind")
        return select.group_by(*(key.copy() for key in keys), copy=False)

    def _joined(self, select: exp.Select, name: str, other: str, key: str) -> exp.Select:
        on = exp.EQ(this=_column(key, name), expression=_column(key, other))
        return select.join(self._table(name), on=on, copy=False)

    def _meeting(self) -> list[exp.Expression]:
        """That no field of a combination and a box is without a common bit: `packing.py` says how."""
        common = [
            exp.paren(exp.BitwiseAnd(this=_column(word, "asked"), expression=_column(word, "box")))
            for word in self.words
        ]
        tests: list[exp.Expression] = []
        for n, guards in enumerate(self.packing.guards):
            if guards:
                ones = exp.cast(number(self.packing.ones(n)), "bigint")  # else the sum of two INTEGERs may overflow
                carried = exp.paren(exp.Add(this=common[n], expression=ones))
                masked = exp.paren(exp.BitwiseAnd(this=carried, expression=number(guards)))
                tests.append(exp.EQ(this=masked, expression=number(guards)))
        for words in self.packing.wide:
            some = any_of(exp.NEQ(this=common[n].copy(), expression=number(0)) for n in words)
            assert some is not None
            tests.append(some)
        return tests

    def _answer(self) -> exp.Select:
        one_way = exp.EQ(this=_column("way_low", "reached"), expression=_column("way_high", "reached"))
        status = exp.func("COALESCE", _column("status", "way"), exp.Literal.string("undetermined"))
        keys = [_column(key, "reached") for key in self.keys]
        # Here nothing is wrong with a row; the column is there to be called by its name.
        told = (status, _column("outcome", "way"), _column("rule", "rule"), exp.cast(exp.Null(), "text"))
        named = (_as(f"{self.parts.prefix}{name}", value) for name, value in zip(ANSWERS, told, strict=True))
        select = exp.select(*keys, *named).from_(self._table("reached"), copy=False)
        way = exp.EQ(this=_column("way", "way"), expression=_column("way_low", "reached"))
        select = select.join(self._table("way"), on=exp.and_(one_way, way), join_type="left", copy=False)
        if self.kinds.words:
            select = select.join(self._table("shared"), on=exp.and_(*self._sharing()), join_type="left", copy=False)
        rule = exp.EQ(this=_column("number", "rule"), expression=self._rule())
        return select.join(self._table("rule"), on=rule, join_type="left", copy=False)

    def _sharing(self) -> list[exp.Expression]:
        """The lowest bit that is left: the first of the rules that prevail in every completion."""
        word, bit = exp.case(), exp.case()
        for n in range(self.kinds.words):
            always = _column(f"always_{n}", "reached")
            is_left = exp.NEQ(this=always, expression=number(0))
            word = word.when(is_left, number(n))
            lowest = exp.BitwiseAnd(this=always.copy(), expression=exp.Neg(this=always.copy()))
            bit = bit.when(is_left.copy(), exp.paren(lowest))
        pairs = {"way": _column("way", "way"), "word": word, "bit": bit}
        return [exp.EQ(this=_column(name, "shared"), expression=one) for name, one in pairs.items()]

    def _rule(self) -> exp.Expression:
        """The number of the deciding rule; 0 or NULL where there is none. `deciding_rule` says it in Python."""
        low, high = _column("first_low", "reached"), _column("first_high", "reached")
        decided = exp.EQ(this=_column("status", "way"), expression=exp.Literal.string("decided"))
        alike = exp.EQ(this=low, expression=high)
        first = exp.func("COALESCE", _column("number", "shared"), low.copy()) if self.kinds.words else low.copy()
        case = exp.case().when(exp.and_(decided, alike), low.copy()).when(decided.copy(), first)
        if "is_open" not in self.kinds.columns:
            return case
        is_open = exp.and_(exp.EQ(this=_column("is_open", "reached"), expression=number(1)), alike.copy())
        if "failed" in self.kinds.columns:
            none_failed = exp.EQ(this=_column("failed", "reached"), expression=number(0))
            one = exp.EQ(this=_column("meeting_low", "reached"), expression=_column("meeting_high", "reached"))
            is_open = exp.and_(is_open, exp.or_(none_failed, one))
        return case.when(is_open, low.copy())

    def _table(self, name: str) -> exp.Table:
        return exp.Table(this=_name(f"{self.stem}_{name}"), alias=exp.TableAlias(this=_name(name)))


def _together(name: str) -> exp.Expression:
    """How a number of the kinds that a combination reaches is put together."""
    column = _column(name, "kind")
    if name.startswith("always_"):
        return exp.Anonymous(this="BIT_AND", expressions=[column])
    return exp.func("MIN" if name.endswith("_low") else "MAX", column)


def _name(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _column(name: str, table: str) -> exp.Column:
    return exp.Column(this=_name(name), table=_name(table))


def _as(name: str, value: exp.Expression) -> exp.Alias:
    return exp.Alias(this=value, alias=_name(name))


def _values(columns: Sequence[str], rows: Iterable[Sequence[int | str | bool | None]]) -> exp.Select:
    """Rows as a query of its own."""
    tuples = [exp.Tuple(expressions=[_value(*one) for one in zip(row, columns, strict=True)]) for row in rows]
    alias = exp.TableAlias(this=_name("given"), columns=[_name(column) for column in columns])
    return exp.select("*").from_(exp.Values(expressions=tuples, alias=alias), copy=False)


def _value(value: int | str | bool | None, column: str) -> exp.Expression:
    if value is None:
        return exp.cast(exp.Null(), "text" if column in ("outcome", "rule") else "bigint")
    return exp.Literal.string(value) if isinstance(value, str) else number(value)
