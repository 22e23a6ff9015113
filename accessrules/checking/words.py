"""What findings say, in both languages: a message and what to do, for each code and variant."""

from __future__ import annotations

from accessrules.findings import CODES, Severity
from accessrules.texts import Text

__all__ = ["told"]

_WORDS: dict[tuple[str, str], tuple[str, str, str, str]] = {
    ("conflict", ""): (
        "{rules} apply together and give different answers, and nothing settles which prevails",
        "{rules} 同时适用而结论不同，无从确定何者优先",
        "declare one an exception to the other (`exception_to`), or check rank, organ, date and `when` of each",
        "将其中一条声明为另一条的例外（`exception_to`），或者检查各条的位阶、制定机关、日期和 `when`",
    ),
    ("conflict", "circle"): (
        "{rules} defeat each other in a circle, so none prevails",
        "{rules} 互相优先而成循环，无一可以优先",
        "break the circle: declare an exception, or narrow the `when` of one",
        "打破循环：声明例外，或者缩小其中一条的 `when`",
    ),
    ("gap", ""): (
        "no rule of `{decision}` applies, and it has no default",
        "`{decision}` 没有可以适用的规则，也没有缺省结论",
        "write a rule for these cases, give the decision a `default`, or say `default: none` where the gap is meant",
        "为这些情形补充规则，或者为该决定规定 `default`；有意留空的，写明 `default: none`",
    ),
    ("gap", "meant"): (
        "no rule of `{decision}` applies; it says that it has no default",
        "`{decision}` 没有可以适用的规则，且已写明没有缺省结论",
        "nothing, if the gap is meant",
        "有意留空的，无需处理",
    ),
    ("case", ""): (
        "case `{case}` expects {en}",
        "案例 `{case}` 不符：{zh}",
        "correct the rules, or the case where it is the case that is wrong",
        "修改规则；案例有误的，修改案例",
    ),
    ("case", "proposed"): (
        "case `{case}` expects {en}",
        "案例 `{case}` 不符：{zh}",
        "where the proposal means to change it, write the case with its new answer under `cases:` in the proposal "
        "(`accessrules test --suggest` does); else correct the proposal",
        "提案有意改变的，将该案例连同新结论写入提案的 `cases:`（可用 `accessrules test --suggest` 生成）；否则修改提案",
    ),
    ("never_prevails", "never_applies"): (
        "`{rule}` never applies: no case fulfils its conditions in its period",
        "`{rule}` 从不适用：在其有效期内没有情形满足其条件",
        "check its `when`, its period, and what the decisions that it tests can give",
        "检查其 `when`、有效期以及所依据决定可能的结论",
    ),
    ("never_prevails", "yields"): (
        "`{rule}` never prevails: wherever it applies it yields to {others}",
        "`{rule}` 从不优先：凡其适用之处均让位于 {others}",
        "drop the rule, or declare it an exception where it should prevail",
        "删除该规则；应当优先的，声明为例外",
    ),
    ("dead_clause", ""): (
        "`{rule}` never prevails by this part of its `when`: {clause}",
        "`{rule}` 的 `when` 中下列部分从未使其优先：{clause}",
        "drop that part, or check what takes its place there",
        "删除该部分，或者检查何种规则取代了它",
    ),
    ("redundant", ""): (
        "without `{rule}` every case has the same answer and details, by a rule of the same rank and day; "
        "{others} decides where it prevails",
        "没有 `{rule}`，一切情形的结论和要求不变，决定规则的位阶和公布日也不变；其优先之处由 {others} 决定",
        "drop it, or cite its source in the rule that decides",
        "删除该规则，或者在决定规则中引用其依据",
    ),
    ("redundant", "several"): (
        "without `{rule}` every case has the same answer and details, by a rule of the same rank and day; "
        "{others} decide where it prevails",
        "没有 `{rule}`，一切情形的结论和要求不变，决定规则的位阶和公布日也不变；其优先之处由 {others} 决定",
        "drop it, or cite its source in the rules that decide",
        "删除该规则，或者在决定规则中引用其依据",
    ),
    ("retroactive", ""): (
        "`{rule}` is in force from {start}, before it was published on {published}",
        "`{rule}` 自 {start} 起有效，早于其公布日 {published}",
        "correct the day, or say `retroactive: true` where its text reaches back",
        "更正日期；依据确有溯及力的，写明 `retroactive: true`",
    ),
    ("retroactive", "always"): (
        "`{rule}` has no first day, so it is in force before it was published on {published}",
        "`{rule}` 没有起始日，故在其公布日 {published} 之前即有效",
        "give `in_force: {{from: …}}`, or say `retroactive: true` where that is meant",
        "写明 `in_force: {{from: …}}`；有意如此的，写明 `retroactive: true`",
    ),
    ("outside_instrument", "before"): (
        "`{rule}` is in force from {start}, before `{instrument}` takes effect on {day}",
        "`{rule}` 自 {start} 起有效，早于 `{instrument}` 的施行日 {day}",
        "correct the day, or cite the instrument that was in effect",
        "更正日期，或者引用当时有效的文件",
    ),
    ("outside_instrument", "after"): (
        "`{rule}` goes on until {end}, after `{instrument}` ended on {day}",
        "`{instrument}` 已于 {day} 失效，`{rule}` 仍继续有效，直至 {end}",
        "give `until`, or `ended` by the instrument that took its place",
        "规定 `until`，或者以取代它的文件写明 `ended`",
    ),
    ("outside_instrument", "after_for_good"): (
        "`{rule}` goes on without end, after `{instrument}` ended on {day}",
        "`{instrument}` 已于 {day} 失效，`{rule}` 仍继续有效，没有终止日",
        "give `until`, or `ended` by the instrument that took its place",
        "规定 `until`，或者以取代它的文件写明 `ended`",
    ),
    ("unused", "fact"): (
        "no rule tests the fact `{fact}`",
        "没有规则检验事实 `{fact}`",
        "drop it from the vocabulary, or write the rule that needs it",
        "从词表中删除，或者编写需要它的规则",
    ),
    ("unused", "instruments"): (
        "no rule cites {names}",
        "没有规则引用 {names}",
        "nothing, if they are kept for the record; else drop them, or cite them",
        "留作记录的，无需处理；否则删除或者引用",
    ),
    ("unused", "groups"): (
        "no exception names the groups {names}",
        "没有例外以下列规则组为对象：{names}",
        "nothing, if the names only sort the rules",
        "仅用于归类的，无需处理",
    ),
    ("dead_exception", ""): (
        "`{rule}` is declared an exception to `{other}`, which it never meets with another answer",
        "`{rule}` 声明为 `{other}` 的例外，但两者从不同时适用而结论不同",
        "drop the name from `exception_to`, or check the periods and `when`",
        "从 `exception_to` 中删除该名称，或者检查有效期和 `when`",
    ),
    ("not_analysed", ""): (
        "the search ended at its limit of steps ({steps}), so findings here may be missing",
        "搜索达到步数上限（{steps}）而中止，此处可能有遗漏",
        "allow more steps (`--most-steps`), or split what the rules test together",
        "允许更多步数（`--most-steps`），或者拆分规则同时检验的事实",
    ),
    ("settled_overlap", "exception"): (
        "`{winner}` is an exception to `{loser}` and prevails where both apply",
        "`{winner}` 是 `{loser}` 的例外，同时适用时优先",
        "",
        "",
    ),
    ("settled_overlap", "rank"): (
        "`{winner}` has the higher rank and prevails over `{loser}` where both apply",
        "`{winner}` 位阶较高，同时适用时优先于 `{loser}`",
        "",
        "",
    ),
    ("settled_overlap", "special"): (
        "`{winner}` is the more special and prevails over `{loser}` where both apply",
        "`{winner}` 为特别规定，同时适用时优先于 `{loser}`",
        "",
        "",
    ),
    ("settled_overlap", "new"): (
        "`{winner}` is the newer and prevails over `{loser}` where both apply",
        "`{winner}` 为新的规定，同时适用时优先于 `{loser}`",
        "",
        "",
    ),
}
_LOOK = ("look whether that is meant", "请确认是否有意如此")
_ONLY_NOTES = {("gap", "meant"), ("unused", "instruments"), ("unused", "groups")}


def told(code: str, variant: str, **of: str) -> tuple[Text, Text, Severity]:
    """The message, what to do, and how severe it is."""
    en, zh, help_en, help_zh = _WORDS[code, variant]
    help = Text(help_en.format(**of), help_zh.format(**of)) if help_en else Text(*_LOOK)
    return Text(en.format(**of), zh.format(**of)), help, "note" if (code, variant) in _ONLY_NOTES else CODES[code]
