"""Hostile sheets: times of receipt, answer and deadline as exports really write them."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from tests.channels.hostile_values import NOON, T, column, has, many, more, one, upstream
from tests.channels.making import Case, Taken, ods, xlsx

SHANGHAI = timezone(timedelta(hours=8))
EXPECTED = datetime(2020, 1, 6, 12, 9, 38, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2020, 1, 6, tzinfo=SHANGHAI)
ANSWERED = ["答复意见", "答复时间"]
D1904 = {"date_1904": True}
WRITTEN = [
    "2020/1/6 12:09:38",
    "2020-01-06 12:09:38",
    "2020-01-06T12:09:38",
    "2020-01-06T04:09:38Z",
    "2020-01-06T12:09:38+08:00",
    "2020-01-06 12:09:38.0",
    "2020.1.6 12:09:38",
    "2020年1月6日 12时09分38秒",
    "２０２０年１月６日　１２：０９：３８",
    "\t2020/1/6  12:09:38　",
    "20200106120938",
    "2020/1/6 下午 0:09:38",
    "2020-1-6 12:09:38 PM",
    "2020年01月06日 星期一 12:09:38",
    "43836.5066898148",
]
DAYS = ["2020/1/6", "2020-01-06", "2020年1月6日", "20200106", "43836", "2020.01.06", "2020/1/6 "]
NO_TIMES = ["昨天下午", "2024-02-30", "2024-13-01", "2024-01-06 25:00", "1/6/2024", "12:09:38", "0"]


def all_at(when: datetime, *, date_only: bool) -> Any:
    def check(taken: list[Any], _: list[Any]) -> None:
        assert {(one.received_at, one.date_only) for one in taken} == {(when, date_only)}

    return check


TIMES = [
    Case(
        "times written",
        T,
        lambda: xlsx(many("time", WRITTEN)),
        Taken(len(WRITTEN), check=all_at(EXPECTED, date_only=False)),
    ),
    Case(
        "days written",
        T,
        lambda: xlsx(many("time", DAYS)),
        Taken(len(DAYS), check=all_at(MIDNIGHT, date_only=True)),
    ),
    Case("no times", T, lambda: xlsx(many("time", NO_TIMES)), Taken(0, len(NO_TIMES))),
    Case("time real", T, lambda: xlsx(one(time=NOON)), Taken(1, check=has(received_at=EXPECTED))),
    Case(
        "time real 1904",
        T,
        lambda: xlsx(one(time=NOON), options=D1904),
        Taken(1, check=has(received_at=EXPECTED)),
    ),
    Case(
        "time serial",
        T,
        lambda: xlsx(one(time=43836.5066898148)),
        Taken(1, check=has(received_at=EXPECTED)),
    ),
    Case(
        "time serial 1904",
        T,
        lambda: xlsx(one(time=42374.5066898148), options=D1904),
        Taken(1, check=has(received_at=EXPECTED)),
    ),
    Case(
        "time real day",
        T,
        lambda: xlsx(one(time=date(2020, 1, 6))),
        Taken(1, check=has(date_only=True)),
    ),
    Case(
        "time ods", "a.ods", lambda: ods(one(time=NOON)), Taken(1, check=has(received_at=EXPECTED))
    ),
    Case(
        "time packed number",
        T,
        lambda: xlsx(one(time=20200106120938.0)),
        Taken(1, check=has(received_at=EXPECTED)),
    ),
    Case(
        "time future",
        T,
        lambda: xlsx(one(time="2199-01-06 12:00")),
        Taken(0, 1, column("受理时间")),
    ),
    Case(
        "time before 2000",
        T,
        lambda: xlsx(one(time="1999-12-31 23:59")),
        Taken(0, 1, column("受理时间")),
    ),
    Case("time blank", T, lambda: xlsx(one(time="")), Taken(0, 1, column("受理时间"))),
    Case("time yes", T, lambda: xlsx(one(time=True)), Taken(0, 1, column("受理时间"))),
    Case(
        "answered",
        T,
        lambda: xlsx(more(ANSWERED, "已答复。", "2024/2/1 8:00:00")),
        Taken(1, check=has(answer="已答复。")),
    ),
    Case(
        "answered same day",
        T,
        lambda: xlsx(more(ANSWERED, "已答复。", "2024/1/6")),
        Taken(1, check=has(answer="已答复。")),
    ),
    Case(
        "answered before",
        T,
        lambda: xlsx(more(ANSWERED, "已答复。", "2023/2/1")),
        Taken(0, 1, column("答复时间")),
    ),
    Case(
        "answered in future",
        T,
        lambda: xlsx(more(ANSWERED, "已答复。", "2199/2/1")),
        Taken(0, 1, column("答复时间")),
    ),
    Case(
        "answered somehow",
        T,
        lambda: xlsx(more(ANSWERED, "已答复。", "上周")),
        Taken(0, 1, column("答复时间")),
    ),
    Case(
        "answer without time",
        T,
        lambda: xlsx(more(ANSWERED, "拟答复。", "")),
        Taken(1, check=upstream(answer="拟答复。")),
    ),
    Case(
        "upstream due",
        T,
        lambda: xlsx(more(["办理时限"], "2024/1/20")),
        Taken(1, check=has(upstream_due=datetime(2024, 1, 20, 23, 59, 59, tzinfo=SHANGHAI))),
    ),
    Case(
        "due in words",
        T,
        lambda: xlsx(more(["办理时限"], "5个工作日")),
        Taken(1, check=upstream(due="5个工作日")),
    ),
]
