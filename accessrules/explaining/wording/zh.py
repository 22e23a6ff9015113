"""Chinese: the words of Chinese legal texts, with full-width punctuation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from accessrules.explaining.wording.language import End, Language
from accessrules.explaining.wording.phrases import Phrases

__all__ = ["CHINESE"]

_PHRASES = Phrases(
    space="",
    separator="；",
    answer="结论：{outcome}。",
    undetermined="结论：{not_settled}，尚缺少必要的事实。",
    undetermined_why="目前不能确定",
    possible="仍有可能的结论：{outcomes}。",
    open="结论：{open}，补充任何事实也不能确定。",
    open_why="现有依据本身未作定论",
    partly_open="在部分可能的情形下，无论事实如何，现有依据本身均无定论，详见下文。",
    conflict="结论：{conflict}。",
    conflict_why="规则相互矛盾，无法得出结论",
    conflict_ruling="按照法律适用规则无法确定优先适用哪一条，应当由制定机关的上级有权机关裁决{authority}。",
    no_rule="结论：{no_rule}。",
    no_rule_why="没有规则适用于该情形，无法得出结论",
    maybe_conflict="在部分可能的情形下，规则相互矛盾，无法得出结论。",
    maybe_no_rule="在部分可能的情形下，没有规则可以适用，无法得出结论。",
    maybe_either="在部分可能的情形下，规则相互矛盾或者没有规则可以适用，无法得出结论。",
    via="该问题取决于另一个问题，而后者没有结论：{questions}",
    published="所依据的文件已公布",
    via_maybe="没有结论的，是因为该问题所取决于的另一个问题没有结论：{questions}",
    case="所问情形：{facts}。",
    empty_case="未提供任何事实",
    on_day="日期 {day}",
    no_day="未给出日期",
    known_on="仅以 {day} 及以前公布的文件为准。",
    inexact="未知事实过多，未能逐一核对所有情形，上列可能的结论中有的或许并不成立；补充事实后可以得出准确结果。",
    contested_below="对此存在不同理解，详见“不同理解”。",
    presumed="下列事实未作说明，按推定处理（与实际不符的，请另行说明）：{facts}。",
    later="自 {day} 起，结论变为：{outcome}{rule}。",
    later_undetermined="自 {day} 起情况有变：结论还取决于其他事实。",
    later_open="自 {day} 起情况有变：现有依据本身未作定论{rule}。",
    later_conflict="自 {day} 起情况有变：规则相互矛盾，无法得出结论{rule}。",
    later_no_rule="自 {day} 起情况有变：没有规则可以适用{rule}。",
    by_rule="，适用{rule}",
    doubted="自 {day} 起结论不变，但改为依据{rule}（{why}）。",
    read_otherwise="存在不同理解",
    never="本规则集未记载此后的变化。",
    never_known="截至 {day}，未见此后有变化。",
    known_until="规则集的内容截至 {day}，此后的变化未予收录。",
    head_needs="需要查明的事实（按作用大小排列）",
    head_why="理由",
    head_open="现有依据未作定论之处",
    head_conflict="相互矛盾的规则",
    head_yielded="可以适用但不优先的规则",
    head_contested="不同理解",
    head_changes="可能改变结论的事实",
    head_details="相关要求",
    head_about="说明",
    tell_apart="需要区分：{values}。",
    more="其他 {count} 项",
    several_true="由第一条规则决定结论，其余规则同样适用，且与其一致。",
    several_maybe="适用其中哪一条取决于未知的事实，但结论相同。",
    several_open="适用其中哪一条，取决于现有依据未作定论的问题。",
    some_maybe="下列规则是否同样适用，取决于其他事实：",
    default="没有规则适用于该情形，按无规则适用时的规定处理。",
    default_maybe="没有规则适用的，结论相同。",
    default_open="没有规则适用的，结论为：{outcome}。",
    outcomes_left="可能的结论：{outcomes}",
    headed="{title}（{id}）",
    named_rule="“{title}”（{rule}）",
    test="{fact}：{test}{value}",
    test_value="（本案：{value}）",
    test_presumed="（推定：{value}）",
    test_presumed_same="（推定）",
    test_unknown="（未知）",
    source="依据：{citation}",
    gives="{rule}：{outcome}",
    leaves_open="未作定论",
    citation="{title}{number}{at}{notes}",
    citation_number="（{number}）",
    citation_at="{at}",
    citation_confidence="——{notes}",
    context="仅供参考",
    read_in_part="仅核对部分原文",
    day_unsure="公布日期未经核实",
    yields="应当优先适用{to}：{reason}{authority}",
    yield_alike="相对于下列规则，应当优先适用{to}：{reason}{authority}",
    some_yield="下列规则是否可以适用取决于其他事实，可以适用时亦不优先：",
    deciding="决定结论的规则",
    exception="其为例外规定",
    rank="其所依据文件的效力等级更高",
    special="由同一机关制定，特别规定优先于一般规定",
    new="由同一机关制定，新的规定优先于旧的规定",
    exception_authority="（例外规定见{authority}）",
    authority="（{authority}）",
    contested="另一种理解：{outcome}（{by}）。",
    contested_rule="对于{rule}的另一种理解：{outcome}（{by}）。",
    near_miss="{fact}：{test}{value}",
    near_rule="此时{rule}同样适用，其结论为：{outcome}",
    yes="是",
    no="否",
    any="不限",
    unknown="未知",
    per_category="一类产品",
    per_enterprise="整个企业（一企一证）",
    labelled="{label}：{value}",
    quantity="{label} {value}",
    ruleset="规则集：{name}，版本 {version}，指纹 {fingerprint}。",
    advice="以上内容仅供参考，不构成法律意见。",
)

_CONFIDENCE = {
    "confirmed-by-official-text": "已核对官方文本",
    "confirmed-by-secondary": "据二手资料核实",
    "from-source-article": "仅见于一篇文章",
    "unverified": "未经核实",
}

_UNITS = {
    "days": "日",
    "weeks": "周",
    "working days": "个工作日",
    "months": "个月",
    "years": "年",
    "pieces": "件",
    "h": "小时",
    "min": "分钟",
    "CNY": "元",
}
_WRITTEN = {"m2": "m²", "m3": "m³", "mm2": "mm²", "cm2": "cm²", "cm3": "cm³", "dm3": "dm³", "%": "%"}

_ARTICLES = re.compile(r"Arts?\. ?(\d+(?:\(\d+\))*(?:(?:, | and |, and )\d+(?:\(\d+\))*)*)")
_SEVERAL = re.compile(r"parts (\d+) (and|to) (\d+)")
_NUMBERED = {
    "part": "第{}部分",
    "annex": "附件{}",
    "item": "第{}项",
    "paragraph": "第{}款",
    "para.": "第{}款",
    "point": "第{}点",
    "chapter": "第{}章",
    "section": "第{}节",
    "table": "表{}",
    "row": "第{}行",
}
_ALONE = {
    "catalogue": "目录",
    "annex": "附件",
    "table": "附表",
    "preamble": "序言",
    "body": "正文",
    "opening part": "开头部分",
}
_NO_TITLE = re.compile(r"(会议|会|改革)([（(].*[）)])?$")
_OF_CODE = re.compile(r"(.+[典法])(第.+条)")


def _quantity(number: str, unit: str) -> str:
    if unit in _UNITS:
        return f"{number} {_UNITS[unit]}"
    return f"{number}{unit}" if unit == "%" else f"{number} {_WRITTEN.get(unit, unit)}".rstrip()


def _numbers(low: End | None, high: End | None) -> str:
    if low and high:
        return f"{low[0]}{_inclusion(low)}至 {high[0]}{_inclusion(high)}"
    if low:
        return f"{low[0]} 及以上" if low[1] else f"大于 {low[0]}"
    assert high
    return f"{high[0]} 及以下" if high[1] else f"小于 {high[0]}"


def _inclusion(end: End) -> str:
    return "（含）" if end[1] else "（不含）"


def _days(first: str | None, last: str | None, after: str | None) -> str:
    if first and last:
        return f"自 {first} 起至 {last} 止"
    return f"自 {first} 起" if first else f"{after} 之前"


def _listed(names: Sequence[str], word: str = "和") -> str:
    *most, last = names
    return f"{'、'.join(most)}{word}{last}" if most else last


def _any_of(names: Sequence[str]) -> str:
    return _listed(names, "或者")


def _none_of(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"不是{names[0]}"
    return f"既不是{names[0]}也不是{names[1]}" if len(names) == 2 else "不属于下列各项：" + "、".join(names)


def _instrument(title: str) -> str:
    """A title in title marks; meetings and the like, which are no documents, go without."""
    if "《" in title or not re.search(r"[\u4e00-\u9fff]", title) or _NO_TITLE.search(title):
        return title
    if found := _OF_CODE.fullmatch(title):
        return f"《{found[1]}》{found[2]}"
    return f"《{title}》"


def _at(place: str) -> str:
    """A place such as `Art. 3(2)`, `part 1` or `annex, item 3`; what is not known stays as it is written."""
    remark = ""
    if place.endswith(" (not read)"):
        place, remark = place.removesuffix(" (not read)"), "（原文未查阅）"
    shown = _places(place)
    if shown is None:
        shown = place if re.match(r"[\u4e00-\u9fff]", place) else f" {place}"
    return shown + remark


def _places(place: str) -> str | None:
    """Places joined by commas, and by `and the`; None where one of them is not known."""
    parts = [_one_place(part) for part in place.split(", ")]
    if all(parts):
        return "".join(str(part) for part in parts)
    first, joined, second = place.rpartition(" and the ")
    one, other = _places(first) if joined else None, _one_place(second)
    return f"{one}和{other}" if one and other else None


def _article(number: str) -> str:
    """`3(2)(1)` is article 3, paragraph 2, item 1."""
    article, *inner = re.findall(r"\d+", number)
    return f"第{article}条" + "".join(f"第{n}{kind}" for n, kind in zip(inner, ("款", "项"), strict=False))


def _one_place(part: str) -> str | None:
    if found := _ARTICLES.fullmatch(part):
        return "、".join(_article(one) for one in re.split(r", and |, | and ", found[1]))
    if found := _SEVERAL.fullmatch(part):
        return _NUMBERED["part"].format(f"{found[1]}{'至第' if found[2] == 'to' else '、'}{found[3]}")
    if found := re.fullmatch(r"catalogue no\. (\d+)", part):
        return f"目录 {found[1]}"
    word, _, number = part.rpartition(" ")
    if re.fullmatch(r"\d+", number) and word in _NUMBERED:
        return _NUMBERED[word].format(number)
    return _ALONE.get(part)


CHINESE = Language(
    lang="zh",
    phrases=_PHRASES,
    quantity=_quantity,
    numbers=_numbers,
    days=_days,
    any_of=_any_of,
    none_of=_none_of,
    listed=_listed,
    instrument=_instrument,
    at=_at,
    confidence=_CONFIDENCE,
)
