"""Killed as by a power cut: what was acknowledged is there, and soon."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from monitor.services import upkeep
from tests.journeys import served, walking
from tests.journeys.served import Served


@pytest.fixture
def desk(tmp_path, sqlite_url, learnt):
    desk = served.found(tmp_path / "home", sqlite_url, learnt, lambda: datetime.now(UTC))
    yield desk
    desk.database.dispose()


def test_what_was_acknowledged_survives_a_kill(desk, visit, as_person, faults):
    running = Served(desk)
    running.start()
    try:
        writer = visit(running.address)
        code = walking.write_letter(writer)
        lin = as_person(running, "lin")
        lin.goto("/desk/register")
        lin.get_by_label("诉求内容").fill("来电说到一半的内容，尚未登记。")
        expect(lin.locator("[data-draft-note]")).to_contain_text("已自动保存")
        running.kill()
        running.start()

        lin.goto("/desk/inbox")
        expect(lin.locator("#panel h2").first).to_have_text(walking.TITLE)
        lin.keyboard.press("a")
        expect(lin.locator(".inbox-done")).to_contain_text("已分办")
        running.kill()
        running.start()

        lin.goto("/desk/register")
        expect(lin.get_by_label("诉求内容")).to_have_value(re.compile("尚未登记"))
        writer.goto("/status")
        expect(writer.locator(".code-board")).to_be_visible()
        asker = visit(running.address)
        asker.goto("/status")
        asker.get_by_label("查询码").fill(code)
        asker.get_by_label("电话后四位").fill(walking.PHONE[-4:])
        asker.get_by_role("button", name="查询", exact=True).click()
        expect(asker.get_by_role("heading", name="办理进度").last).to_be_visible()
    finally:
        running.stop()
    # A draft on its way when the power failed, or sent while nobody listened; it is sent again.
    faults[:] = [one for one in faults if "ERR_CONNECTION_RE" not in one]
    with desk.reading() as ctx:
        verdict = upkeep.verify(ctx.session, ctx.keys)
    assert verdict.holds
    assert "Traceback" not in running.said()
