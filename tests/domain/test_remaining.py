"""The nine looks of a clock, and the words for dates and spans."""

from datetime import date, datetime

import pytest

from monitor.domain.remaining import (
    Remaining,
    Tone,
    caption,
    date_words,
    describe,
    promised,
    reached,
    span_words,
)
from monitor.domain.rulepack import Closes, Pause, Warn
from monitor.domain.vocabulary import Arithmetic, Urgency
from tests.domain.shipped import CALENDAR, PACK

NOW = datetime(2026, 10, 9, 10, 24)
RECEIVED = datetime(2026, 9, 28, 9, 12)
DAYS, HOURS = Arithmetic.WORKING_DAYS, Arithmetic.WALL_HOURS
WORKING, PLAIN = Arithmetic.WORKING_HOURS, Arithmetic.CALENDAR_DAYS


def end(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T23:59:59")


def look(due, *, arithmetic=DAYS, now=NOW, started=RECEIVED, **given) -> Remaining:
    return describe(now, due, started=started, calendar=CALENDAR, arithmetic=arithmetic, **given)


def test_nine_looks():
    third = Pause(date(2026, 9, 29), date(2026, 12, 31), "征求第三方意见")
    sign = {"arithmetic": WORKING, "started": datetime(2026, 9, 28, 9, 31)}
    looks = [
        look(end("2026-10-13")),
        look(end("2026-10-10")),
        look(datetime(2026, 10, 9, 17, 30), closes=Closes.CLOSING),
        look(end("2026-09-30")),
        look(end("2026-10-30"), paused=third),
        look(datetime(2026, 9, 28, 11, 31), ended=datetime(2026, 9, 28, 10, 5), **sign),
        look(end("2026-10-08"), ended=datetime(2026, 10, 9, 9)),
        look(None, started=None),
        look(end("2027-01-06"), provisional=True),
    ]

    # 停表: 29 30 September, 8 9 October. 剩: 10 12 13. 超: 8 9. 暂定: 16 + 21 + 23 + 3.
    assert looks == [
        Remaining("剩 3 个工作日", Tone.NORMAL, "10月13日 周二"),
        Remaining("剩 1 个工作日", Tone.NEAR, "10月10日 周六补班"),
        Remaining("剩 7 小时 06 分", Tone.TODAY, "10月9日 17:30"),
        Remaining("超 2 个工作日", Tone.LATE, "应于9月30日 周三"),
        Remaining("停表 4 个工作日", Tone.PAUSED, "征求第三方意见，9月29日起"),
        Remaining("用时 34 分", Tone.DONE, "9月28日 10:05，限当日 11:31"),
        Remaining("迟 1 个工作日", Tone.DONE_LATE, "10月9日 09:00，限10月8日 周四"),
        Remaining("未开始", Tone.PENDING, "等前一步"),
        Remaining("暂定 1月6日", Tone.PROVISIONAL, "剩 63 个工作日，当年节假日安排未公布"),
    ]
    assert [one.tone.label for one in looks] == [
        "在期内", "快到期", "今日", "超期", "停表", "按时", "迟", "未开始", "暂定",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due", "given", "text", "tone"),
    [
        (end("2026-10-09"), {}, "剩 13 小时 36 分", Tone.TODAY),
        (end("2026-10-09"), {"warn": [Warn("minutes", 60)]}, "剩 13 小时 36 分", Tone.NORMAL),
        (end("2026-10-13"), {"warn": [Warn("days", 3)]}, "剩 3 个工作日", Tone.NEAR),
        (end("2026-10-10"), {"provisional": True}, "剩 1 个工作日", Tone.NEAR),
        (end("2026-10-11"), {}, "剩 1 个工作日", Tone.NEAR),
        (end("2026-10-20"), {"arithmetic": PLAIN}, "剩 11 天", Tone.NORMAL),
        (end("2026-09-30"), {"arithmetic": PLAIN}, "超 9 天", Tone.LATE),
        (end("2026-10-09"), {"now": datetime(2026, 10, 11, 9)}, "超 1 个工作日", Tone.LATE),
        (end("2026-10-10"), {"now": datetime(2026, 10, 11, 9)}, "超 1 天", Tone.LATE),
        (datetime(2026, 10, 9, 10, 38), {"arithmetic": HOURS}, "剩 14 分钟", Tone.NEAR),
        (datetime(2026, 10, 9, 9, 58), {"arithmetic": HOURS}, "超 26 分钟", Tone.LATE),
        (datetime(2026, 10, 1, 9), {"arithmetic": HOURS}, "超 8 天", Tone.LATE),
        (datetime(2026, 10, 10, 16), {"arithmetic": WORKING}, "剩 11 小时 36 分", Tone.NEAR),
        (datetime(2026, 10, 9, 10), {"closes": Closes.CLOSING}, "超 24 分钟", Tone.LATE),
    ],
)
def test_running_clock_says_what_is_left(due, given, text, tone):
    found = look(due, **given)

    assert (found.text, found.tone) == (text, tone)


@pytest.mark.parametrize(
    ("due", "ended", "arithmetic", "text"),
    [
        (end("2026-10-10"), datetime(2026, 10, 9, 9), DAYS, "用时 4 个工作日"),
        (end("2026-10-10"), datetime(2026, 9, 28, 9, 46), DAYS, "用时 34 分"),
        (end("2026-10-13"), datetime(2026, 9, 28, 10, 46), HOURS, "用时 1 小时 34 分"),
        (end("2026-10-13"), datetime(2026, 10, 3, 9), PLAIN, "用时 5 天"),
        (datetime(2026, 9, 28, 10), datetime(2026, 9, 28, 10, 40), HOURS, "迟 40 分钟"),
        (end("2026-09-29"), datetime(2026, 10, 9, 9), DAYS, "迟 3 个工作日"),
        (datetime(2026, 9, 30, 9), datetime(2026, 9, 30, 8), WORKING, "用时 14 小时 18 分"),
    ],
)
def test_ended_clock_says_how_long_it_took(due, ended, arithmetic, text):
    assert look(due, ended=ended, arithmetic=arithmetic).text == text


def test_provisional_stands_beside_every_date_that_leans_on_it():
    late = datetime(2027, 1, 4, 9)

    assert look(end("2027-01-05"), now=late, provisional=True).detail == "暂定 1月5日 周二"
    assert look(end("2027-01-04"), now=late, provisional=True).detail.startswith("暂定 ")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 10, 10), "10月10日 周六补班"),
        (date(2026, 10, 1), "10月1日 周四国庆节"),
        (date(2026, 10, 12), "10月12日 周一"),
        (date(2026, 10, 17), "10月17日 周六"),
        (date(2027, 1, 6), "1月6日 周三"),
        (date(2024, 1, 8), "2024年1月8日 周一"),
    ],
)
def test_date_has_its_weekday_and_what_the_calendar_made_of_it(day, words):
    assert date_words(day, CALENDAR, NOW) == words


def test_spans_round_down_to_the_minute():
    spans = [0, 59, 60, 3599, 3600, 25_560, 259_199, 259_200]

    assert [span_words(seconds) for seconds in spans] == [
        "0 分钟", "0 分钟", "1 分钟", "59 分钟", "1 小时 00 分", "7 小时 06 分", "71 小时 59 分",
        "3 天",
    ]  # fmt: skip


def test_rule_is_told_in_a_line():
    triage = PACK.find("IN.triage")

    assert caption(PACK.find("LX-1")) == (
        "LX-1 领导信箱第 1 版：收件次日起 5 个工作日，不停表，可延期 1 次"
    )
    assert caption(PACK.find("FOI-2")).endswith("收件次日起 20 个工作日，可依法停表，可延期 1 次")
    assert promised(PACK.find("IN.publish")) == "答复后 5 个工作日"
    assert promised(PACK.find("IN.submit")) == "答复到期前 1 个工作日"
    assert promised(PACK.find("YQ-2")) == "收件后 48 小时"
    assert promised(triage) == "收件当日"
    assert promised(triage, triage.limit(Urgency.URGENT)) == "收件后 1 个工作小时"


def test_warning_points_are_reached_in_turn():
    rule, due = PACK.find("LX-1"), end("2026-10-10")
    opinion, ends = PACK.find("YQ-1"), datetime(2026, 10, 9, 15)
    given = {"arithmetic": DAYS, "calendar": CALENDAR}
    hours = {"arithmetic": HOURS, "calendar": CALENDAR}
    begun = datetime(2026, 10, 9, 10)

    assert reached(rule.warn, RECEIVED, due, datetime(2026, 9, 30), **given) is None
    assert reached(rule.warn, RECEIVED, due, datetime(2026, 10, 8), **given) == Warn("days", 2)
    assert reached(rule.warn, RECEIVED, due, datetime(2026, 10, 9), **given) == Warn("days", 1)
    assert reached(opinion.warn, begun, ends, NOW, **hours) is None
    half, most = datetime(2026, 10, 9, 12, 30), datetime(2026, 10, 9, 14)
    assert reached(opinion.warn, begun, ends, half, **hours) == Warn("percent", 50)
    assert reached(opinion.warn, begun, ends, most, **hours) == Warn("percent", 80)


def test_the_line_of_a_rule_names_the_limit_of_this_urgency():
    assert "个工作小时" in caption(PACK.find("IN.co"), Urgency.URGENT)
    assert "分办次日起 3 个工作日" in caption(PACK.find("IN.co"), Urgency.NORMAL)
