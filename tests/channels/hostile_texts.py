"""Hostile sheets: texts, error values and words of choice as exports really write them."""

from typing import Any

from tests.channels.hostile_values import T, column, has, many, more, one, upstream
from tests.channels.making import (
    HEADER,
    TEXT,
    Case,
    Taken,
    row,
    sheet_xml,
    text,
    turned,
    with_cell,
    xlsx,
)


def formulas() -> bytes:
    def then(_: Any, sheets: Any) -> None:
        sheets[0].write_formula(1, 3, '="甲"&"乙"', None, "甲乙")

    return xlsx(one(), then=then)


def error_cell(place: int) -> bytes:
    def then(_: Any, sheets: Any) -> None:
        sheets[0].write_formula(1, place, "=#REF!", None, "#REF!")

    return xlsx(one(), then=then)


def rich() -> bytes:
    def then(book: Any, sheets: Any) -> None:
        bold = book.add_format({"bold": True})
        sheets[0].write_rich_string(1, 3, "企业", bold, "申报", "惠企资金")

    return xlsx(one(), then=then)


def injected() -> list[Any]:
    texts = ["=HYPERLINK(0)", "+1+1", "-2+3", "@SUM(A1)", "=cmd|'/c calc'!A0", "\t=1+1"]
    return many("text", texts)


def stays_text(taken: list[Any], _: list[Any]) -> None:
    assert [one.text[0] for one in taken] == list("=+-@==")


def inline(xml: str) -> bytes:
    """A row whose text cell is written by hand."""
    cells = (
        '<row r="9"><c r="A9"><v>9</v></c><c r="B9"><v>45297.5</v></c>'
        f'<c r="D9" t="inlineStr"><is><t>{xml}</t></is></c></row>'
    )
    return sheet_xml(with_cell(cells.encode()), [HEADER])


TEXTS = [
    Case(
        "carriage escapes",
        T,
        lambda: xlsx(one(text="甲_x000D_\n乙_x000d_")),
        Taken(1, check=has(text="甲\n乙")),
    ),
    Case(
        "edges",
        T,
        lambda: xlsx(one(text="\r\n\t　\u3000企业\u3000来信　\t\n")),
        Taken(1, check=has(text="企业\u3000来信")),
    ),
    Case(
        "controls",
        T,
        lambda: inline("甲_x0000__x0007_乙&#x9;丙"),
        Taken(1, check=has(text="甲乙\t丙")),
    ),
    Case(
        "lone surrogate escape", T, lambda: inline("甲_xD800_乙"), Taken(1, check=has(text="甲乙"))
    ),
    Case("lone surrogate entity", T, lambda: inline("甲&#xD800;乙"), turned("corrupt")),
    Case(
        "emoji", T, lambda: xlsx(one(text="办得好👍🏻𠮷")), Taken(1, check=has(text="办得好👍🏻𠮷"))
    ),
    Case("text blank", T, lambda: xlsx(one(text=" \n")), Taken(0, 1, column("主要内容"))),
    Case("text a number", T, lambda: xlsx(one(text=12.0)), Taken(1, check=has(text="12"))),
    Case(
        "text too long", T, lambda: xlsx(one(text="长" * 20_001)), Taken(0, 1, column("主要内容"))
    ),
    Case(
        "text of 150,000",
        "a.csv",
        lambda: text(one(text="长" * 150_000)),
        Taken(0, 1, column("主要内容")),
    ),
    Case("text long enough", T, lambda: xlsx(one(text="长" * 20_000)), Taken(1)),
    Case("title too long", T, lambda: xlsx(one(title="长" * 2_000)), Taken(0, 1, column("标题"))),
    Case("formula value", T, formulas, Taken(1, check=has(text="甲乙"))),
    Case("error in text", T, lambda: error_cell(3), Taken(0, 1, column("主要内容"))),
    Case("error in number", T, lambda: error_cell(0), Taken(0, 1, column("工单编号"))),
    Case("error in title", T, lambda: error_cell(2), Taken(1, check=has(text=TEXT, title=""))),
    Case(
        "error word csv", "a.csv", lambda: text(one(text="#N/A")), Taken(0, 1, column("主要内容"))
    ),
    Case("rich text", T, rich, Taken(1, check=has(text="企业申报惠企资金"))),
    Case("formula injection", T, lambda: xlsx(injected()), Taken(6, check=stays_text)),
    Case(
        "urgency alias",
        T,
        lambda: xlsx(more(["紧急程度"], "平急")),
        Taken(1, check=has(urgency="normal")),
    ),
    Case(
        "request type",
        T,
        lambda: xlsx(more(["诉求类型"], "投诉类")),
        Taken(1, check=has(request_type="complaint")),
    ),
    Case(
        "consent no", T, lambda: xlsx(more(["是否公开"], "否")), Taken(1, check=has(consent=False))
    ),
    Case("consent 1", T, lambda: xlsx(more(["is_open"], 1)), Taken(1, check=has(consent=True))),
    Case(
        "consent unknown",
        T,
        lambda: xlsx(more(["是否公开"], "再说")),
        Taken(1, check=has(consent=None)),
    ),
    Case(
        "asked for secrecy",
        T,
        lambda: xlsx(more(["是否保密"], "是", name="保密")),
        Taken(1, check=has(consent=False)),
    ),
    Case(
        "topic path",
        T,
        lambda: xlsx(more(["问题分类"], "一级->二级->三级")),
        Taken(1, check=upstream(topic="一级->二级->三级")),
    ),
    Case("same number twice", T, lambda: xlsx([HEADER, row(1), row(1, text="另一件")]), Taken(2)),
]
