"""Days promised in answers: found where they stand, never in the wrong year, never a demand."""

from datetime import date

import pytest

from classifiers import pledges

# A Friday.
ON = date(2026, 10, 9)
PROMISED = [
    ("本批补贴将于10月30日前拨付到账。", "2026-10-30"),
    ("我局将在十月三十日前完成拨付", "2026-10-30"),
    ("\uff11\uff10月\uff13\uff10日前完成", "2026-10-30"),
    ("月底前办结", "2026-10-31"),
    ("款项月底到账。", "2026-10-31"),
    ("本月底前", "2026-10-31"),
    ("11月底前开工", "2026-11-30"),
    ("下月10日前书面答复", "2026-11-10"),
    ("下个月底前", "2026-11-30"),
    ("11月中旬前完成", "2026-11-20"),
    ("年底前投入使用", "2026-12-31"),
    ("今年底前", "2026-12-31"),
    ("2027年3月底前竣工", "2027-03-31"),
    ("2027年底前竣工", "2027-12-31"),
    ("明年3月31日前", "2027-03-31"),
    ("明年底前", "2027-12-31"),
    ("1月15日前答复您", "2027-01-15"),
    ("2月底前", "2027-02-28"),
    ("下周五前上门核查", "2026-10-16"),
    ("本周五前", "2026-10-09"),
    ("下周内", "2026-10-18"),
    ("三天内联系您", "2026-10-12"),
    ("两周内", "2026-10-23"),
    ("一个月内", "2026-11-09"),
    ("三个月内", "2027-01-09"),
    ("半年内", "2027-04-09"),
    ("预计10月20日完成验收", "2026-10-20"),
]


@pytest.mark.parametrize(("text", "day"), PROMISED)
def test_a_day_that_is_promised_is_found_with_its_year(text, day):
    [found] = pledges.find(text, ON)

    assert found.day == date.fromisoformat(day)
    assert text[found.start : found.end] in text
    assert found.quote in text


@pytest.mark.parametrize(
    ("text", "days"), [("十五个工作日内办结", 15), ("5个工作日内", 5), ("二十个工作日以内", 20)]
)
def test_working_days_are_counted_by_whoever_knows_the_calendar(text, days):
    [found] = pledges.find(text, ON)

    assert (found.day, found.working_days) == (None, days)


@pytest.mark.parametrize(
    "text",
    [
        "该批补贴已于9月30日前拨付。",
        "请您于10月30日前提交材料。",
        "申请人应当在15个工作日内补正。",
        "2025年10月30日前",
        "9月30日前",
        "2026年13月1日前",
        "2月30日前完成",
        "您反映的是10月8日的事。",
        "详见《办法》第十二条。",
        "每月5日公布。",
        "项目共投资3年。",
        "",
    ],
)
def test_what_is_over_demanded_of_others_or_no_day_is_no_promise(text):
    assert [one.day for one in pledges.find(text, ON)] in ([], [None])


@pytest.mark.parametrize(
    ("text", "on"),
    [
        # Five days ago or nearly a year ahead: nobody can say.
        ("12月31日前完成", date(2027, 1, 5)),
        ("将自受理之日起十五个工作日内办结", ON),
        ("资金到位后10日内拨付", ON),
    ],
)
def test_a_day_that_the_text_leaves_open_is_shown_without_one(text, on):
    [found] = pledges.find(text, on)

    assert (found.day, found.working_days) == (None, None)


def test_every_promise_is_told_once_where_it_first_stands():
    text = "经核，10月30日前拨付；余款年底前拨付。再次说明：10月30日前拨付，请放心。"

    found = pledges.find(text, ON)

    assert [one.day for one in found] == [date(2026, 10, 30), date(2026, 12, 31)]
    assert text[found[0].start : found[0].end] == "10月30日前"
    assert found[1].quote == "余款年底前拨付"


def test_no_found_day_lies_before_the_answer_or_is_guessed_far_away():
    for month in range(1, 13):
        for on in (date(2026, month, 1), date(2026, month, 28)):
            for wanted in range(1, 13):
                for one in pledges.find(f"{wanted}月15日前完成", on):
                    if one.day is not None:
                        assert on <= one.day
                        assert one.day.month == wanted
                        assert (one.day - on).days <= 366
