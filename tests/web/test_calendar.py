"""工作日历: tried out before it is published; strange lines are named; who may look and change."""

import re

import pytest

from monitor.storage.supervision import reckoning as runs
from monitor.tasks import durable, reckoning
from tests.web import casefile

PAGE = "/admin/calendar/2026"


@pytest.fixture
def admin(signed_in):
    return signed_in("xiang")


@pytest.fixture
def asked(monkeypatch):
    given = []
    monkeypatch.setattr(durable, "enqueue_reckoning", lambda desk, run_id: given.append(run_id))
    return given


def fields(admin):
    text = admin.get(PAGE).text
    areas = dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<', text))
    seen = re.search(r'name="seen" value="(\d+)"', text)[1]
    return {"source": "补充通知", "announced": "yes", "seen": seen, **areas}


def test_a_year_is_tried_out_before_it_is_published_and_then_reckoned(desk, admin, asked):
    number = casefile.in_hand(desk)
    given = fields(admin)
    given["off"] += "\n2026-10-13 至 2026-10-14 试行放假"

    tried = admin.fill(PAGE, PAGE, **given)
    assert "个改期" in tried.text
    assert number in tried.text
    assert asked == []

    assert admin.fill(PAGE, PAGE, **given, confirmed="yes").status_code == 303
    reckoning.go_on(desk, asked[0])
    with desk.reading() as ctx:
        [run] = runs.latest(ctx.session)
    assert (run.moved > 0, run.finished_at is not None) == (True, True)
    assert "已完成" in admin.get("/admin/calendar").text
    assert "2026 年节假日安排已更改" in admin_sees(casefile.events(desk, number))


def admin_sees(events):
    return "".join(str(details) for _, details in events)


@pytest.mark.parametrize(
    ("field", "line"),
    [("off", "十月一日放假"), ("off", "2026-13-01 放假"), ("work", "2025-10-10 补班"),
     ("off", "2026-10-07 至 2026-10-01 国庆"), ("off", "2026-01-01 至 2026-06-01 长假")],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_lost(admin, field, line):
    given = fields(admin)
    given[field] = line

    answer = admin.fill(PAGE, PAGE, **given)

    assert answer.status_code == 422
    assert "第 1 行" in answer.text
    assert line in answer.text


def test_without_a_paper_or_a_change_nothing_is_published(admin):
    given = fields(admin)

    assert "请写明依据" in admin.fill(PAGE, PAGE, **{**given, "source": ""}).text
    assert admin.fill(PAGE, PAGE, **{**given, "seen": "99"}).status_code == 409


def test_the_duty_officer_looks_and_does_not_change(signed_in):
    page = signed_in("lin").get(PAGE).text

    assert "国庆节" in page or "10月" in page
    assert "试算" not in page
    assert signed_in("lin").fill(PAGE, PAGE, source="x").status_code == 403


def test_a_year_that_nobody_announced_is_called_provisional(signed_in):
    assert "暂定" in signed_in("lin").get("/admin/calendar").text
