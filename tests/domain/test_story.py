"""The day-by-day story, its sentence, extensions asked in time, lateness."""

from datetime import date, datetime, timedelta

import pytest

from monitor.domain import deadlines
from monitor.domain.errors import Incomplete, Refused
from monitor.domain.rulepack import Closes, Pause, is_late
from monitor.domain.vocabulary import Arithmetic, Urgency
from monitor.domain.workdays import SHANGHAI
from tests.domain.shipped import CALENDAR, PACK

MAILBOX = PACK.find("LX-1")
RECEIVED = datetime(2026, 9, 28, 9, 12)


def test_trace_tells_every_day_from_receipt_to_due():
    due = deadlines.due(MAILBOX, RECEIVED, CALENDAR)

    assert [(f"{c.day:%m-%d}", c.counts, c.why, c.number, c.mark) for c in due.trace] == [
        ("09-28", False, "收件日", 0, "receipt"),
        ("09-29", True, "工作日", 1, ""),
        ("09-30", True, "工作日", 2, ""),
        ("10-01", False, "国庆节", None, ""),
        ("10-02", False, "国庆节", None, ""),
        ("10-03", False, "国庆节", None, ""),
        ("10-04", False, "放假", None, ""),
        ("10-05", False, "放假", None, ""),
        ("10-06", False, "调休", None, ""),
        ("10-07", False, "调休", None, ""),
        ("10-08", True, "工作日", 3, ""),
        ("10-09", True, "工作日", 4, ""),
        ("10-10", True, "补班", 5, "due"),
    ]
    assert due.calendar == "2026 年第 1 版"
    assert due.version == 1
    assert due.basis == MAILBOX.basis


def test_sentence_can_be_read_to_a_citizen():
    due = deadlines.due(MAILBOX, RECEIVED, CALENDAR)

    assert due.sentence == (
        "收件日不计入（民法典第 201 条）；10月1日至7日国庆节放假调休共 7 天，不计；"
        "10月10日周六补班，计第 5 日，当日 24:00 前答复不算超期。本单无停表、无延期。"
    )


def test_sentence_names_pause_extension_and_weekends():
    pause = Pause(date(2026, 10, 8), date(2026, 10, 9), "征求第三方意见")

    due = deadlines.due(MAILBOX, RECEIVED, CALENDAR, pauses=[pause], extension_days=3)

    # 29 30 | 8 9 stand | 10 12 13 = 5 | 14 15 16
    assert due.sentence == (
        "收件日不计入（民法典第 201 条）；10月1日至7日国庆节放假调休共 7 天，不计；"
        "其间周末 1 天，不计；10月10日周六补班，计第 3 日；"
        "10月16日周五为第 8 个工作日，当日 24:00 前答复不算超期。"
        "征求第三方意见，10月8日至9日停表，不计；延期 3 个工作日，原到期日 10月13日。"
    )
    marks = {c.day.day: c.mark for c in due.trace if c.mark}
    assert marks == {28: "receipt", 8: "paused", 9: "paused", 13: "first_due", 16: "due"}


def test_sentence_tells_how_a_calendar_day_rolled():
    due = deadlines.due(PACK.find("XF-1"), datetime(2026, 9, 19), CALENDAR)

    assert due.sentence == (
        "收件日不计入（民法典第 201 条）；第 15 日 10月4日 周日放假，不是工作日，"
        "顺延至 10月8日周四（民法典第 203 条），当日 24:00 前确认收到不算超期。本单无停表、无延期。"
    )
    assert due.trace[-1].why == "工作日，顺延"


@pytest.mark.parametrize(
    ("code", "start", "given", "sentence"),
    [
        (
            "IN.triage",
            datetime(2026, 10, 3, 9),
            {},
            (
                "限收件当日办理，遇休息日顺延至下一工作日；10月4日至7日放假调休共 4 天，不计；"
                "顺延至 10月8日周四，当日 24:00 前分办不算超期。本单无停表、无延期。"
            ),
        ),
        (
            "IN.sign",
            datetime(2026, 9, 28, 16, 31),
            {"urgency": Urgency.URGENT},
            (
                "9月28日 16:31 分办；只计办公时间（08:30至12:00、13:30至17:30），2 个工作小时；"
                "至 9月29日 09:31，此前签收不算超期。"
            ),
        ),
        (
            "YQ-2",
            datetime(2026, 9, 30),
            {"date_only": True},
            (
                "来件只有日期，从 9月30日 08:30 上班时起算；"
                "连续计 48 小时，休息日不停（民法典第 201 条）；"
                "至 10月2日 08:30，此前答复不算超期。"
            ),
        ),
        (
            "IN.submit",
            datetime(2026, 10, 10, 23, 59, 59),
            {},
            (
                "答复期限到 10月10日 周六补班为止，须提前 1 个工作日提交；"
                "即 10月9日 周五 17:30 前提交不算超期。"
            ),
        ),
        (
            "HL-1",
            datetime(2026, 12, 28, 9),
            {},
            (
                "收件日不计入（民法典第 201 条）；1月1日至3日元旦放假共 3 天，不计；"
                "1月5日周二为第 5 个工作日，当日 24:00 前答复不算超期。本单无停表、无延期。"
                "2027 年节假日安排尚未公布，日期为暂定。"
            ),
        ),
    ],
)
def test_sentence_of_each_kind_of_clock(code, start, given, sentence):
    assert deadlines.due(PACK.find(code), start, CALENDAR, **given).sentence == sentence


def test_hand_in_is_told_backwards():
    due = deadlines.due(PACK.find("IN.submit"), datetime(2026, 10, 10, 23, 59, 59), CALENDAR)

    assert [(c.day.day, c.counts, c.why, c.number, c.mark) for c in due.trace] == [
        (9, True, "工作日", 1, "due"),
        (10, False, "答复到期日", 0, "answer_due"),
    ]


def test_due_at_agrees_with_the_story():
    pause = Pause(date(2026, 10, 9), date(2026, 10, 12))

    for rule in PACK.rules:
        for urgency in Urgency:
            for given in ({}, {"pauses": [pause]}, {"date_only": True}):
                told = deadlines.due(rule, RECEIVED, CALENDAR, urgency=urgency, **given)
                quick = deadlines.due_at(rule, RECEIVED, CALENDAR, urgency=urgency, **given)

                assert told.at == quick, rule.code
                assert told.trace[0].mark or told.trace[-1].mark


def test_extension_must_be_asked_a_working_day_before():
    at = deadlines.due_at(MAILBOX, RECEIVED, CALENDAR)
    asked = {"used": 0, "days": 5, "at": at, "calendar": CALENDAR}

    deadlines.check_extension(MAILBOX, now=datetime(2026, 10, 9, 17, 30), **asked)
    with pytest.raises(Refused, match="到期前 1 个工作日提出，本单 10月9日 17:30 截止"):
        deadlines.check_extension(MAILBOX, now=datetime(2026, 10, 9, 17, 31), **asked)


def test_extension_is_refused_where_the_rule_has_none_left():
    at = deadlines.due_at(MAILBOX, RECEIVED, CALENDAR)
    asked = {"at": at, "now": RECEIVED, "calendar": CALENDAR}

    with pytest.raises(Refused, match="最多延期 1 次"):
        deadlines.check_extension(MAILBOX, used=1, days=5, **asked)
    with pytest.raises(Refused, match="没有延期"):
        deadlines.check_extension(PACK.find("YQ-2"), used=0, days=5, **asked)
    with pytest.raises(Incomplete, match="1 至 5 天"):
        deadlines.check_extension(MAILBOX, used=0, days=6, **asked)


def test_disclosure_may_be_extended_until_it_expires():
    rule = PACK.find("FOI-2")
    at = deadlines.due_at(rule, RECEIVED, CALENDAR)

    assert deadlines.extension_until(rule, at, CALENDAR) == at


@pytest.mark.parametrize(
    ("arithmetic", "closes", "after", "late"),
    [
        (Arithmetic.WORKING_DAYS, Closes.MIDNIGHT, timedelta(microseconds=999_999), False),
        (Arithmetic.WORKING_DAYS, Closes.MIDNIGHT, timedelta(seconds=1), True),
        (Arithmetic.CALENDAR_DAYS, Closes.MIDNIGHT, timedelta(seconds=1), True),
        (Arithmetic.WALL_HOURS, Closes.MIDNIGHT, timedelta(0), False),
        (Arithmetic.WALL_HOURS, Closes.MIDNIGHT, timedelta(microseconds=1), True),
        (Arithmetic.WORKING_HOURS, Closes.MIDNIGHT, timedelta(microseconds=1), True),
        (Arithmetic.WORKING_DAYS, Closes.CLOSING, timedelta(microseconds=1), True),
    ],
)
def test_days_compare_dates_and_hours_compare_moments(arithmetic, closes, after, late):
    due = datetime(2026, 10, 10, 23, 59, 59, tzinfo=SHANGHAI)

    assert is_late(arithmetic, due, due + after, closes) is late


def test_upstream_deadline_at_noon_is_late_from_the_next_day():
    due = datetime(2026, 10, 10, 12, tzinfo=SHANGHAI)

    assert not is_late(Arithmetic.WORKING_DAYS, due, datetime(2026, 10, 10, 23, 59))
    assert is_late(Arithmetic.WORKING_DAYS, due, datetime(2026, 10, 11))


def test_wrong_figures_are_refused_with_a_sentence():
    with pytest.raises(Incomplete, match="不能为负"):
        deadlines.due_at(MAILBOX, RECEIVED, CALENDAR, extension_days=-1)
    with pytest.raises(Incomplete, match="时限过长"):
        deadlines.due_at(MAILBOX, RECEIVED, CALENDAR, extension_days=10_000)
    with pytest.raises(Incomplete, match="止日早于起日"):
        Pause(date(2026, 10, 2), date(2026, 10, 1))
    with pytest.raises(Incomplete, match="超出工作日历"):
        deadlines.due_at(MAILBOX, datetime(1850, 1, 1), CALENDAR)
