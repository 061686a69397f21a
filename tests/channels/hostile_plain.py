"""Hostile sheets: csv in odd encodings, with odd delimiters and quotes."""

from datetime import datetime
from typing import Any

from tests.channels.making import HEADER, TEXT, Case, Taken, row, rows, text, turned, xls

MULTILINE = [HEADER, row(1, text='第一行\n第二行，有“引号”和"双引号"')]


def first_text(expected: str) -> Any:
    def check(taken: list[Any], _: list[Any]) -> None:
        assert taken[0].text == expected

    return check


CSVS = [
    Case("csv utf-8", "a.csv", lambda: text(rows()), Taken(3)),
    Case("csv utf-8 bom", "a.csv", lambda: text(rows(), "utf-8-sig"), Taken(3)),
    Case("csv utf-16", "a.csv", lambda: text(rows(), "utf-16"), Taken(3)),
    Case("csv utf-16le bare", "a.csv", lambda: text(rows(), "utf-16-le"), Taken(3)),
    Case("csv utf-16be bare", "a.csv", lambda: text(rows(), "utf-16-be"), Taken(3)),
    Case("csv utf-16be bom", "a.csv", lambda: b"\xfe\xff" + text(rows(), "utf-16-be"), Taken(3)),
    Case("csv gbk", "a.csv", lambda: text(rows(), "gbk"), Taken(3)),
    Case(
        "csv gb18030 rare",
        "a.csv",
        lambda: text([HEADER, row(1, text="𠮷野家䶮的铺面")], "gb18030"),
        Taken(1, check=first_text("𠮷野家䶮的铺面")),
    ),
    Case("csv semicolon", "a.csv", lambda: text(rows(), delimiter=";"), Taken(3)),
    Case("csv tab", "a.txt", lambda: text(rows(), "gb18030", delimiter="\t"), Taken(3)),
    Case("csv tab utf-16", "a.csv", lambda: text(rows(), "utf-16", delimiter="\t"), Taken(3)),
    Case("csv bar", "a.csv", lambda: text(rows(), delimiter="|"), Taken(3)),
    Case(
        "csv commas under tab",
        "a.csv",
        lambda: text([HEADER, row(1, text="a,b,c,d,e,f,g,h")], delimiter="\t"),
        Taken(1, check=first_text("a,b,c,d,e,f,g,h")),
    ),
    Case("csv sep hint", "a.csv", lambda: b"sep=;\r\n" + text(rows(), delimiter=";"), Taken(3)),
    Case("csv title line", "a.csv", lambda: "热线工单台账\n".encode() + text(rows()), Taken(3)),
    Case(
        "csv quoted breaks",
        "a.csv",
        lambda: text(MULTILINE),
        Taken(1, check=first_text(MULTILINE[1][3])),
    ),
    Case("csv cr only", "a.csv", lambda: text(rows(), lineterminator="\r"), Taken(3)),
    Case("csv no last break", "a.csv", lambda: text(rows()).rstrip(), Taken(3)),
    Case(
        "csv open quote",
        "a.csv",
        lambda: text(rows(2)) + '"3,2024-01-06,标题,没有收尾'.encode() + text(rows()),
        turned("quotes"),
    ),
    Case(
        "csv giant cell",
        "a.csv",
        lambda: text([HEADER, row(1, text="长" * 300_000)]),
        turned("quotes"),
    ),
    Case(
        "csv nul",
        "a.csv",
        lambda: text([HEADER, row(1, text="甲\0乙")]),
        Taken(1, check=first_text("甲乙")),
    ),
    Case(
        "csv short rows", "a.csv", lambda: text([HEADER, ["1", "2024-01-06"], row(2)]), Taken(1, 1)
    ),
    Case("csv long rows", "a.csv", lambda: text([HEADER, [*row(1), "多", "多"]]), Taken(1)),
    Case(
        "csv broken byte",
        "a.csv",
        lambda: text(rows()) + b"9,2024-01-06,\xff\xfe\xff,x,y,z\n",
        turned("encoding"),
    ),
    Case(
        "csv lone surrogate",
        "a.csv",
        lambda: text(rows()) + b"9,2024-01-06,\xed\xa0\x80,x,y,z\n",
        turned("encoding"),
    ),
    Case(
        "csv cut inside a letter",
        "a.csv",
        lambda: text(rows())[:-10] + "字".encode()[:2],
        turned("encoding"),
    ),
    Case(
        "csv big5",
        "a.csv",
        lambda: text([["編號", "時間", "內容"], ["1", "2024", "測試"]], "big5"),
        turned("missing", "encoding"),
    ),
    Case(
        "csv apostrophes",
        "a.csv",
        lambda: text([HEADER, row(1, number="'200106120938000123")]),
        Taken(1, check=lambda taken, _: None),
    ),
    Case(
        "xls real date",
        "a.xls",
        lambda: xls([HEADER, row(1, time=datetime(2024, 1, 6, 9, 12))]),
        Taken(1),
    ),
    Case("text is prose", "a.txt", lambda: (TEXT * 5).encode(), turned("missing")),
    Case("text is json", "a.csv", lambda: b'{"number": 1, "text": "x"}', turned("missing")),
]
