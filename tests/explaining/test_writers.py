"""A document is set as text, Markdown and HTML so that its texts stay texts."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len
from rich.text import Text

from accessrules.explaining.document import (
    Bar,
    Bars,
    Document,
    End,
    Heading,
    Item,
    Items,
    Line,
    Paragraph,
    Range,
    Span,
    Table,
    line,
)
from accessrules.explaining.writers import write_html, write_markdown, write_text
from accessrules.explaining.writers.cleaning import clean
from accessrules.explaining.writers.wrapping import longest_piece, wrapped

CHINESE = "家用电冰箱（有效容积 500 L 及以上）自 2018-08-01 起实行强制性产品认证，依据《条例》办理。"
TABLE = Table(
    ("Date", "What applies", "依据"),
    (
        (line("2018-08-01"), line(Span("production licence", "strong")), line("《工业产品生产许可证管理条例》目录")),
        (line("2019-10-01"), line("CCC"), ()),
    ),
)
EVERYTHING = Document(
    (
        Heading(line("A title, 标题"), 1),
        Paragraph(line("Plain, ", Span("strong", "strong"), ", ", Span("code", "code"), ", ", Span("bad", "bad"), ".")),
        Heading(line("Section")),
        Items((Item(line(CHINESE), (Item(line("below"), mark="✓"),), "1."), Item(line("not known"), mark="?"))),
        TABLE,
    )
)
NASTY = (
    "<script>alert('x')</script>",
    "[link](javascript:alert(1)) ![](x)",
    "# title",
    "- item",
    "1. item",
    "1) item",
    "+ item",
    "---",
    "===",
    "> quote",
    "```code```",
    "a | b",
    "*strong* _emphasis_ ~~gone~~ `code`",
    "&lt;b&gt; &amp;",
    "https://evil.example www.evil.example",
    "back\\slash",
    "two\nlines\r\n\nthree",
    "    indented",
    "$math$",
    "{braces}",
)
words = st.text(st.characters(codec="utf-8"), max_size=60)


def text_of(spans: Line) -> str:
    return "".join(span.text for span in spans)


class Reader(HTMLParser):
    """The tags, attributes and text of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str | None] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


# ------------------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize("boxes", [False, True])
def test_a_table_breaks_no_word_at_any_width(boxes: bool) -> None:
    names = ("heating_water_pressure", "holds_production_licence", "origin")
    told = "what is told of the fact in a good many words, " * 3
    rows = tuple((line(Span(name, "code")), line(told), line("made in mainland China, 境内生产")) for name in names)
    for width in range(30, 140):
        shown = write_text(Document((Table(("fact", "in words", "presumed"), rows),)), width=width, boxes=boxes)
        assert all(name in shown for name in names)
        assert max(map(cell_len, shown.splitlines())) <= width


@pytest.mark.parametrize("width", [20, 40, 80, 100])
@pytest.mark.parametrize("boxes", [False, True])
def test_text_never_leaves_its_columns(width: int, boxes: bool) -> None:
    for one in write_text(EVERYTHING, width=width, boxes=boxes).splitlines():
        assert cell_len(one) <= width
        assert one == one.rstrip()


def test_text_without_boxes_is_laid_out_in_ascii() -> None:
    latin = Document(
        (Heading(line("Title"), 1), Items((Item(line("a")),)), Table(("a", "b"), ((line("1"), line("2")),)))
    )
    assert write_text(latin).isascii()
    assert not write_text(latin, boxes=True).isascii()


def test_colour_is_all_that_colour_adds() -> None:
    plain, colored = write_text(EVERYTHING), write_text(EVERYTHING, color=True)
    assert "\x1b" not in plain
    assert "\x1b[1m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain


def test_the_environment_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    before = write_text(EVERYTHING, color=True, boxes=True)
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "20"), ("FORCE_COLOR", "1")):
        monkeypatch.setenv(name, value)
    assert write_text(EVERYTHING, color=True, boxes=True) == before


def test_a_table_that_does_not_fit_becomes_a_list() -> None:
    wide = Table(("a", "b", "c"), ((line("x" * 15), line("y" * 15), line("z" * 15)),))
    shown = write_text(Document((wide,)), width=40)
    assert shown == f"- {'x' * 15}\n  - b: {'y' * 15}\n  - c: {'z' * 15}\n"


def test_what_a_terminal_acts_on_is_replaced_so_that_it_is_seen() -> None:
    shown = write_text(Document((Paragraph(line("a\x1b[31mb\x07\u202ec")),)))
    assert shown == "a\ufffd[31mb\ufffd\ufffdc\n"


def test_chinese_lines_break_between_characters_but_not_before_a_comma() -> None:
    for width in range(12, 60):
        for one in wrapped(Text(CHINESE), width):
            assert cell_len(one.plain) <= width
            assert one.plain[0] not in "，。》）、"
            assert one.plain[-1] not in "（《"


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert [one.plain for one in wrapped(Text("ab 0123456789 c"), 4)] == ["ab", "0123", "4567", "89 c"]


def test_a_number_stays_with_its_unit() -> None:
    for width in range(7, 30):
        shown = [one.plain for one in wrapped(Text("of at least 500 L and 30 kW or so"), width)]
        assert any("500 L" in one for one in shown)


@given(words, st.integers(4, 50))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    text = clean(" ".join(text.split()))
    lines = [one.plain for one in wrapped(Text(text), width)]
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(one) <= max(width, 2) for one in lines)
    assert longest_piece(text) <= cell_len(text)


# --------------------------------------------------------------------------------------------------- Markdown, HTML


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("style", ["plain", "strong", "code"])
def test_a_text_never_becomes_markup(text: str, style: str) -> None:
    check_stays_text(text, style)


@given(words, st.sampled_from(["plain", "strong", "code"]))
def test_no_text_at_all_becomes_markup(text: str, style: str) -> None:
    check_stays_text(text, style)


def check_stays_text(text: str, style: str) -> None:
    span = Span(text, style)  # type: ignore[arg-type]
    document = Document(
        (
            Heading(line("T", span), 1),
            Paragraph(line(span)),
            Items((Item(line(span), (Item(line(span)),)), Item(line(span), mark="✓"))),
            Table(("a",), ((line(span),),)),
        )
    )
    allowed = {"h1", "h2", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "span", "section"}
    allowed |= {"strong"} if style == "strong" else {"code"} if style == "code" else set()
    set_as_html = Reader(write_html(document))
    assert set(set_as_html.tags) <= allowed
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    from_markdown = Reader(parser.render(write_markdown(document)))
    assert set(from_markdown.tags) <= allowed
    assert not [one for one in (*set_as_html.addresses, *from_markdown.addresses) if one]
    bare = "".join(write_text(Document((Paragraph(line(span)),)), width=500).split())
    if not bare:
        return
    assert "".join(set_as_html.text.split()).count(bare) >= 5
    if style != "code":
        assert "".join(from_markdown.text.split()).count(bare) >= 5


@pytest.mark.parametrize("url", ["https://www.gov.cn/x?a=1&b=2", "http://gov.cn/立法法(2015-03-15).md"])
def test_an_address_of_the_web_is_a_link(url: str) -> None:
    document = Document((Paragraph(line(Span("Law", url=url))),))
    assert Reader(write_html(document)).addresses == [url]
    linked = Reader(MarkdownIt("commonmark").render(write_markdown(document))).addresses
    assert len(linked) == 1
    assert write_text(document) == "Law\n"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil", "file:///etc", "http://", "x", "http://["]
)
def test_no_other_address_is_a_link(url: str) -> None:
    document = Document((Paragraph(line(Span("Law", url=url))),))
    assert write_html(document) == '<section class="accessrules" lang="en">\n<p>Law</p>\n</section>\n'
    assert write_markdown(document) == "Law\n"


def test_an_address_cannot_leave_its_attribute() -> None:
    document = Document((Paragraph(line(Span("Law", url='https://a.b/"><script>x</script>)'))),))
    assert "<script" not in write_html(document)
    assert "script" not in Reader(MarkdownIt("commonmark").render(write_markdown(document))).tags


def test_strong_text_beside_chinese_punctuation_is_strong_in_markdown() -> None:
    document = Document((Paragraph(line("结论：", Span("强制性产品认证（CCC）", "strong"), "适用")),), "zh")
    assert "strong" in Reader(MarkdownIt("commonmark").render(write_markdown(document))).tags


def test_html_names_its_language() -> None:
    assert write_html(Document((), "zh")).startswith('<section class="accessrules" lang="zh-Hans">')
    assert write_html(Document((), '"><b>')).startswith('<section class="accessrules" lang="&quot;&gt;&lt;b&gt;">')


# ---------------------------------------------------------------------------------------------------- bars, commands

COMMAND = (
    "accessrules decide --rules tests/commands/sample category=refrigerator 'effective_volume=500 L' --on 2018-03-14"
)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_command_is_one_line_however_narrow(width: int) -> None:
    """What is to be pasted is not broken; what stands around it is."""
    items = (Item(line("to see it: ", Span(COMMAND, "command"))), Item(line("word " * 50)))
    written = write_text(Document((Items(items),)), width=width).splitlines()
    assert written[0] == f"- to see it: {COMMAND}"
    assert max(map(len, written[1:])) <= width
    assert f"`{COMMAND}`" in write_markdown(Document((Items(items),)))


def bars(*some: Bar) -> Document:
    return Document((Bars(some),))


def labels_of(html: str) -> list[dict[str, str]]:
    """The texts of a picture with where they stand."""
    root = ElementTree.fromstring(re.findall(r"<svg.*?</svg>", html, re.DOTALL)[0])
    return [{"text": one.text or "", **one.attrib} for one in root.iter("text")]


def test_a_bar_is_words_in_text_and_a_picture_in_html() -> None:
    bar = Bar("volume", "volume: at least 500 L", (Range(0.5, 1, End("500 L", True), None),))
    assert write_text(bars(bar)) == write_markdown(bars(bar)) == "- volume: at least 500 L\n"
    assert [one["text"] for one in labels_of(write_html(bars(bar)))] == ["volume", "500 L"]


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_in_a_bar_becomes_markup(nasty: str) -> None:
    ends = (End(nasty, True), End(f"{nasty}2", False))
    html = write_html(bars(Bar(nasty, nasty, (Range(0.2, 0.8, *ends),))))
    assert [one["text"] for one in labels_of(html)] == [clean(one) for one in (nasty, nasty, f"{nasty}2")]
    assert "<script" not in html


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4))
def test_labels_of_a_bar_do_not_cover_each_other(spots: list[tuple[float, float]]) -> None:
    """Labels in one row are apart, stand within the picture, and every end has one."""
    ranges = [Range(a, b, End(f"{a}", True), End(f"{b}", False)) for a, b in (sorted(spot) for spot in sorted(spots))]
    html = write_html(bars(Bar("v", "v", tuple(ranges))))
    _, *labels = labels_of(html)
    assert {one["text"] for one in labels} == {end.text for one in ranges for end in (one.low, one.high) if end}
    rows: dict[str, list[tuple[float, float]]] = {}
    for one in labels:
        middle, half = float(one["x"]), 7 * len(one["text"]) / 2
        assert middle - half >= -1
        assert middle + half <= 641
        rows.setdefault(one["y"], []).append((middle - half, middle + half))
    for row in rows.values():
        row.sort()
        assert all(left[1] <= right[0] for left, right in pairwise(row))
