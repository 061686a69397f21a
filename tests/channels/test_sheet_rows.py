"""Rows as the records they become: all fields at once, and laws over any cell."""

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.sheet import cells, header
from monitor.channels.sheet.columns import Columns
from monitor.channels.sheet.rows import Ask, Rows
from monitor.channels.sheet.times import moment
from monitor.domain.letters import Incoming, Requester, RowError
from monitor.domain.vocabulary import Channel, RequestType, Urgency, Via
from tests.channels.conftest import NOW, ROOT, Open, marked
from tests.channels.making import HEADER, row, xlsx

SHANGHAI = timezone(timedelta(hours=8))
COLUMNS = Columns.load(ROOT / "data" / "columns.toml")
FULL = {
    "工单编号": "200106120938000123",
    "受理时间": "2024/1/6 9:12:38",
    "受理渠道": "电话",
    "工单类型": "求决",
    "问题分类": "政策->惠企资金->申报",
    "紧急程度": "加急",
    "标题": "惠企资金\n申报",
    "主要内容": "　企业来信。",
    "来电人": "王",
    "联系方式": "13800000123.0",
    "诉求人地址": "样板路9号",
    "身份证号": "11010119900101001x",
    "电子邮箱": "someone@example.com",
    "被反映区": "示范区",
    "小区点位": "一号楼",
    "是否公开": "是",
    "办理时限": "2024/1/20 18:00",
    "转办时间": "45297.5",
    "工单状态": "办理中",
    "回执码": "甲",
}


def plan(names: list[str]) -> Rows:
    found = header.find([(1, names)], COLUMNS)
    assert found
    return Rows(found, COLUMNS, Ask(Channel.HOTLINE, NOW, marked))


def test_row_becomes_a_whole_record():
    found = plan(list(FULL)).read(2, list(FULL.values()))

    assert found == Incoming(
        channel=Channel.HOTLINE,
        via=Via.SHEET,
        text="企业来信。",
        received_at=datetime(2024, 1, 6, 9, 12, 38, tzinfo=SHANGHAI),
        title="惠企资金 申报",
        upstream_no="200106120938000123",
        place="示范区 一号楼",
        requester=Requester(
            "王", "13800000123", "11010119900101001X", "样板路9号", "someone@example.com"
        ),
        consent=True,
        request_type=RequestType.HELP,
        urgency=Urgency.URGENT,
        upstream={
            "origin": "电话",
            "request_type": "求决",
            "topic": "政策->惠企资金->申报",
            "urgency": "加急",
            "due": "2024/1/20 18:00",
            "forwarded_at": "2024-01-06 12:00:00",
            "status": "办理中",
        },
        upstream_due=datetime(2024, 1, 20, 18, tzinfo=SHANGHAI),
        source={name: value.strip("　") for name, value in FULL.items()},
        row=2,
    )


def test_blank_cells_leave_no_trace():
    found = plan([*HEADER, "工单状态"]).read(2, [*row(1), "　"])

    assert isinstance(found, Incoming)
    assert found.upstream == {}
    assert "工单状态" not in found.source


def test_answer_with_its_time_is_history():
    names = [*HEADER, "答复意见", "答复时间"]

    found = plan(names).read(2, [*row(1), "已答复。", "2024-02-01 08:00:00"])

    assert isinstance(found, Incoming)
    assert found.answer == "已答复。"
    assert found.answered_at == datetime(2024, 2, 1, 8, tzinfo=SHANGHAI)
    assert found.upstream == {}


def test_answer_before_receipt_names_both_columns():
    names = [*HEADER, "答复意见", "答复时间"]

    found = plan(names).read(2, [*row(1), "已答复。", "2023-02-01"])

    assert isinstance(found, RowError)
    assert "“答复时间”" in found.message
    assert "“受理时间”" in found.message


def test_secrecy_column_is_read_with_its_name():
    seen = []

    def listen(text: str) -> bool:
        seen.append(text)
        return False

    found = header.find([(1, [*HEADER, "密级"])], COLUMNS)
    assert found
    Rows(found, COLUMNS, Ask(Channel.HOTLINE, NOW, listen)).read(2, [*row(1), "秘密"])

    assert "密级：秘密" in seen[0]


def test_rows_say_their_place_in_the_file(opened: Open):
    with opened(xlsx([HEADER, [], row(1), [], row(2, time="不知道")])) as sheet:
        found = list(sheet.rows)

    assert [one.row for one in found] == [3, 5]


@given(st.text())
def test_clean_text_is_clean_twice_and_holds_nothing_a_database_refuses(text: str):
    once = cells.clean(text)

    assert cells.clean(once) == once or "_x" in once
    assert "\0" not in once
    assert once.encode("utf-8").decode("utf-8") == once


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(text: str):
    found = moment(text)

    assert found is None or found[0].utcoffset() is not None


@given(st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1)))
def test_written_time_is_read_back(when: datetime):
    when = when.replace(microsecond=0)
    expected = when.replace(tzinfo=SHANGHAI), False

    assert moment(f"{when:%Y-%m-%d %H:%M:%S}") == expected
    assert moment(f"{when.year}/{when.month}/{when.day} {when:%H:%M:%S}") == expected
    assert moment(["d", when.isoformat(" ", "seconds")]) == expected


@given(st.integers(min_value=0, max_value=10**14))
def test_exact_number_loses_no_digit(number: int):
    assert cells.digits(float(number)) == cells.digits(f"{number}.0") == str(number)


json_cells = st.one_of(
    st.text(max_size=30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from([["e", ""], ["d", "2024-01-06"], ["t", "12:00:00"], ["n", 1.5], ["l", 10**6]]),
)


@given(st.lists(json_cells, max_size=12))
def test_any_row_is_taken_rejected_or_blank(raw: list):
    found = plan(HEADER).read(2, raw)

    assert found is None or isinstance(found, Incoming | RowError)
    if isinstance(found, RowError):
        texts = [cell for cell in raw if isinstance(cell, str) and len(cell) > 6]
        assert not any(text in found.message for text in texts)
