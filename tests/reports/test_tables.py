"""Tables that leave the house: Chinese at once, and no cell that a spreadsheet would run."""

import csv
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from monitor.reports import tables

HARMFUL = [
    "＝1+1",
    "＠SUM(A1)",
    "\n=1",
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=HYPERLINK(0)",
]


def read_csv(body):
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", HARMFUL)
def test_what_reads_like_a_formula_stays_text(text):
    body = tables.as_csv(["列"], [[text]])

    assert read_csv(body)[1][0] == f"'{text}"


@pytest.mark.parametrize("text", ["2026-10-09", "一般", "", "1-2", "a=b", "（-）"])
def test_plain_text_is_left_alone(text):
    assert tables.safe(text) == text


def test_numbers_stay_numbers_and_nothing_is_empty():
    assert [tables.safe(cell) for cell in (-3, 2.5, None)] == [-3, 2.5, ""]


def test_a_heading_is_a_cell_like_any_other():
    assert read_csv(tables.as_csv(["=列"], []))[0] == ["'=列"]


def test_csv_opens_as_utf8_and_keeps_breaks_and_quotes_in_their_cell():
    body = tables.as_csv(["标题", "答复"], [["一、“引号”", '第一行\n第二行,"引"']])

    assert body.startswith(b"\xef\xbb\xbf")
    assert read_csv(body)[1] == ["一、“引号”", '第一行\n第二行,"引"']


def test_xlsx_holds_text_as_text_and_no_link():
    body = tables.as_xlsx(
        "很长的表名" * 10, ["列", "数"], [["=1+1", 3], ["http://localhost/", None]]
    )

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert sheet == [["列", "数"], ["=1+1", 3.0], ["http://localhost/", ""]]
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        cells = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in cells
    assert b"hyperlink" not in cells
