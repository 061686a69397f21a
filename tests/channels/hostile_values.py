"""Hostile sheets: numbers and phones as exports really write them."""

from datetime import datetime
from typing import Any

from tests.channels.making import (
    HEADER,
    Case,
    Taken,
    ods,
    row,
    sheet_xml,
    text,
    with_cell,
    xls,
    xlsx,
)

LONG = 200106120938000123


def one(**changed: Any) -> list[Any]:
    return [HEADER, row(1, **changed)]


def more(extra: list[str], *values: Any, **changed: Any) -> list[Any]:
    return [[*HEADER, *extra], [*row(1, **changed), *values]]


def many(key: str, values: list[Any]) -> list[Any]:
    return [HEADER, *[row(n, **{key: value}) for n, value in enumerate(values, 1)]]


def has(**expected: Any) -> Any:
    """The first row taken has these attributes."""

    def check(taken: list[Any], _: list[Any]) -> None:
        assert {name: getattr(taken[0], name) for name in expected} == expected

    return check


def upstream(**expected: str) -> Any:
    def check(taken: list[Any], _: list[Any]) -> None:
        assert {name: taken[0].upstream.get(name) for name in expected} == expected

    return check


def phone(expected: str) -> Any:
    def check(taken: list[Any], _: list[Any]) -> None:
        assert taken[0].requester.phone == expected

    return check


def column(*names: str) -> Any:
    """The rejected rows name these columns."""

    def check(_: list[Any], errors: list[Any]) -> None:
        assert tuple(error.column for error in errors) == names

    return check


def number_cell(xml: bytes) -> bytes:
    cells = b'<row r="9"><c r="A9"><v>' + xml + b'</v></c><c r="B9"><v>45297.5</v></c></row>'
    return sheet_xml(with_cell(cells), [HEADER])


NOON = datetime(2020, 1, 6, 12, 9, 38)
T = "a.xlsx"

NUMBERS = [
    Case(
        "number 2549.0",
        T,
        lambda: xlsx(one(number="2549.0")),
        Taken(1, check=has(upstream_no="2549")),
    ),
    Case(
        "number float", T, lambda: xlsx(one(number=2549.0)), Taken(1, check=has(upstream_no="2549"))
    ),
    Case(
        "number float ods",
        "a.ods",
        lambda: ods(one(number=2549)),
        Taken(1, check=has(upstream_no="2549")),
    ),
    Case(
        "number text 18",
        T,
        lambda: xlsx(one(number=str(LONG))),
        Taken(1, check=has(upstream_no=str(LONG))),
    ),
    Case(
        "number rounded 18",
        T,
        lambda: xlsx(one(number=float(LONG))),
        Taken(0, 1, column("工单编号")),
    ),
    Case(
        "number rounded xls",
        "a.xls",
        lambda: xls(one(number=LONG)),
        Taken(0, 1, column("工单编号")),
    ),
    Case(
        "number rounded text",
        T,
        lambda: xlsx(one(number=f"{LONG}.0")),
        Taken(0, 1, column("工单编号")),
    ),
    Case(
        "number scientific",
        "a.csv",
        lambda: text(one(number="2.00106E+17")),
        Taken(0, 1, column("工单编号")),
    ),
    Case("number as date", T, lambda: xlsx(one(number=NOON)), Taken(0, 1, column("工单编号"))),
    Case(
        "number full width",
        T,
        lambda: xlsx(one(number="２５４９　")),
        Taken(1, check=has(upstream_no="2549")),
    ),
    Case("number blank", T, lambda: xlsx(one(number="　")), Taken(0, 1, column("工单编号"))),
    Case("number too long", T, lambda: xlsx(one(number="9" * 70)), Taken(0, 1, column("工单编号"))),
    Case("number infinite", T, lambda: number_cell(b"1e999"), Taken(0, 1)),
    Case("number nan", T, lambda: number_cell(b"NaN"), Taken(0, 1)),
    Case("number nonsense", T, lambda: number_cell(b"x9"), Taken(0, 1)),
    Case(
        "id rounded",
        T,
        lambda: xlsx(more(["身份证号"], 123456199001011232)),
        Taken(0, 1, column("身份证号")),
    ),
    Case(
        "phone float",
        T,
        lambda: xlsx(one(phone=13800000123.0)),
        Taken(1, check=phone("13800000123")),
    ),
    Case(
        "phone float text",
        T,
        lambda: xlsx(one(phone="13800000123.0")),
        Taken(1, check=phone("13800000123")),
    ),
    Case(
        "phone masked",
        T,
        lambda: xlsx(one(phone="138****0123")),
        Taken(1, check=phone("138****0123")),
    ),
    Case(
        "phone scientific",
        "a.csv",
        lambda: text(one(phone="1.38E+10")),
        Taken(0, 1, column("联系方式")),
    ),
    Case(
        "phone exact scientific",
        "a.csv",
        lambda: text(one(phone="1.3800000123E+10")),
        Taken(1, check=phone("13800000123")),
    ),
]
