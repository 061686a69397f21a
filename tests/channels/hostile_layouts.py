"""Hostile sheets: headers in odd places and with odd names, columns that nobody expects."""

from typing import Any

from tests.channels.making import HEADER, Case, Taken, row, rows, text, turned, xls, xlsx
from tests.channels.making import ods as ods_of

WIDE = [f"附加项{number}" for number in range(16_380)]


def merged_title() -> bytes:
    def then(book: Any, sheets: Any) -> None:
        sheets[0].merge_range(0, 0, 0, 5, "示范市投资促进局热线工单台账", book.add_format())

    return xlsx([[""], *rows()], then=then)


def stored_blanks() -> bytes:
    def then(book: Any, sheets: Any) -> None:
        grey = book.add_format({"bg_color": "#EEEEEE"})
        for y in range(13, 65_203):
            sheets[0].write_blank(y, 0, None, grey)

    return xlsx(rows(12), then=then)


def hidden_sheet() -> bytes:
    return xlsx([["说明"]], rows(), then=lambda _, sheets: sheets[1].hide())


def hidden_column() -> bytes:
    table = [
        [*line, extra] for line, extra in zip(rows(), ["内部序号", "甲", "乙", "丙"], strict=True)
    ]
    return xlsx(table, then=lambda _, sheets: sheets[0].set_column(6, 6, None, None, {"hidden": 1}))


def chart_first() -> bytes:
    def then(book: Any, sheets: Any) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Sheet1!$A$1:$A$2"})
        book.add_chartsheet().set_chart(chart)

    return xlsx(rows(), then=then)


def keeps(*pairs: tuple[str, str]) -> Any:
    """The first row's source holds these cells under these headers."""

    def check(taken: list[Any], _: list[Any]) -> None:
        for header, value in pairs:
            assert taken[0].source[header] == value

    return check


def place_and_home(taken: list[Any], _: list[Any]) -> None:
    assert taken[0].place == "示范区 一号街"
    assert taken[0].requester.address == "样板路9号"
    assert "样板路9号" not in taken[0].upstream.values()


def home_only(taken: list[Any], _: list[Any]) -> None:
    assert taken[0].requester.address == "样板路9号"
    assert taken[0].place == ""


def with_header(*names: str) -> list[Any]:
    return [list(names), *rows()[1:]]


def wide(extra: list[str], value: str) -> list[Any]:
    return [[*HEADER, *extra], [*row(1), value]]


GROUPS = [["工单信息", "", "", "", "诉求人", ""], *rows()]
STACKED = [
    ["工单编号", "受理时间", "标题", "主要内容", "诉求人", ""],
    ["", "", "", "", "姓名", "联系方式"],
    *rows()[1:],
]
PLACES = [
    [*HEADER, "住址", "被反映区", "地址"],
    [*row(1), "样板路9号", "示范区", "一号街"],
]

LAYOUTS = [
    Case("plain xlsx", "a.xlsx", lambda: xlsx(rows()), Taken(3)),
    Case("plain xls", "a.xls", lambda: xls(rows()), Taken(3)),
    Case("plain ods", "a.ods", lambda: ods_of(rows()), Taken(3)),
    Case("merged title", "a.xlsx", merged_title, Taken(3)),
    Case("title lines", "a.xlsx", lambda: xlsx([["台账"], ["2024年1月"], [], *rows()]), Taken(3)),
    Case(
        "deep header", "a.xlsx", lambda: xlsx([[f"说明{n}"] for n in range(24)] + rows()), Taken(3)
    ),
    Case(
        "starred",
        "a.xlsx",
        lambda: xlsx(
            with_header(
                "*工单编号",
                "★受理时间（必填）",
                "标题：",
                "主要内容(必填)",
                "来电人 *",
                "联系方式【选填】",
            )
        ),
        Taken(3),
    ),
    Case(
        "broken names",
        "a.xlsx",
        lambda: xlsx(
            with_header(
                "工单\n编号", "受　理　时　间", " 标题 ", "主要\r\n内容", "来电人", "联系\t方式"
            )
        ),
        Taken(3),
    ),
    Case(
        "numbered names",
        "a.xlsx",
        lambda: xlsx(
            with_header(
                "1.工单编号", "2、受理时间", "3.标题", "4.主要内容", "5.来电人", "6.联系方式"
            )
        ),
        Taken(3),
    ),
    Case(
        "vendor names",
        "a.xlsx",
        lambda: xlsx(
            with_header(
                "Record_Number", "sq_dtime", "sq_title", "sq_content", "sq_name", "ＥＭＡＩＬ"
            )
        ),
        Taken(3),
    ),
    Case(
        "letters names",
        "a.xlsx",
        lambda: xlsx(
            with_header("留言编号", "留言时间", "留言主题", "留言详情", "留言用户", "附注")
        ),
        Taken(3),
    ),
    Case("group header above", "a.xlsx", lambda: xlsx(GROUPS), Taken(3)),
    Case(
        "stacked header",
        "a.xlsx",
        lambda: xlsx(STACKED),
        Taken(3, check=keeps(("姓名", "王"), ("联系方式", "13800000123"))),
    ),
    Case("repeated header", "a.xlsx", lambda: xlsx([*rows(2), HEADER, row(3)]), Taken(3)),
    Case(
        "starts at C4",
        "a.xlsx",
        lambda: xlsx([[], [], [], *[["", "", *r] for r in rows()]]),
        Taken(3),
    ),
    Case(
        "doubled header",
        "a.xlsx",
        lambda: xlsx(wide(["回执", "回执"], "甲")),
        Taken(1, check=keeps(("回执", "甲"))),
    ),
    Case(
        "two numbers",
        "a.xlsx",
        lambda: xlsx(wide(["受理编号"], "X-9")),
        Taken(1, check=keeps(("受理编号", "X-9"))),
    ),
    Case(
        "blank header over data",
        "a.xlsx",
        lambda: xlsx(wide([""], "甲")),
        Taken(1, check=keeps(("第7列", "甲"))),
    ),
    Case(
        "cell beyond the header",
        "a.xlsx",
        lambda: xlsx([HEADER, [*row(1), "", "远"]]),
        Taken(1, check=keeps(("第8列", "远"))),
    ),
    Case("shuffled columns", "a.xlsx", lambda: xlsx([list(reversed(r)) for r in rows()]), Taken(3)),
    Case("two address families", "a.xlsx", lambda: xlsx(PLACES), Taken(1, check=place_and_home)),
    Case(
        "bare address",
        "a.xlsx",
        lambda: xlsx(wide(["地址"], "样板路9号")),
        Taken(1, check=home_only),
    ),
    Case("only header", "a.xlsx", lambda: xlsx([HEADER]), Taken(0)),
    Case("no header", "a.xlsx", lambda: xlsx(rows()[1:]), turned("missing")),
    Case(
        "no time column",
        "a.xlsx",
        lambda: xlsx(with_header("工单编号", "几点", "标题", "主要内容", "", "")),
        turned("missing"),
    ),
    Case(
        "no number column",
        "a.csv",
        lambda: text(with_header("单", "受理时间", "标题", "主要内容", "甲", "乙")),
        turned("missing"),
    ),
    Case(
        "misspelt column",
        "a.xlsx",
        lambda: xlsx(with_header("工单编好", *HEADER[1:])),
        turned("missing"),
    ),
    Case("cover sheet first", "a.xlsx", lambda: xlsx([["封面"]], rows(), [["附注"]]), Taken(3)),
    Case("chart sheet", "a.xlsx", chart_first, Taken(3)),
    Case("hidden sheet only", "a.xlsx", hidden_sheet, turned("hidden")),
    Case("hidden column", "a.xlsx", hidden_column, Taken(3, check=keeps(("内部序号", "甲")))),
    Case(
        "many sheets",
        "a.xlsx",
        lambda: xlsx(*[[[f"第{n}页"]] for n in range(120)], rows()),
        Taken(3),
    ),
    Case("65,203 stored rows", "a.xlsx", stored_blanks, Taken(12)),
    Case(
        "blank rows between",
        "a.xlsx",
        lambda: xlsx([HEADER, [], row(1), ["　", " \t"], [], row(2)]),
        Taken(2),
    ),
    Case("total row", "a.xlsx", lambda: xlsx([*rows(), ["合计：3 件"]]), Taken(3, 1)),
    Case(
        "16k columns",
        "a.xlsx",
        lambda: xlsx([[*HEADER, *WIDE[:16_000]], row(1)]),
        turned("headers"),
    ),
]
