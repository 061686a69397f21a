"""The training ground begins anew from the page, though the power fails in the middle."""

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from monitor.cli import demonstration
from monitor.services import upkeep
from monitor.services.desk import Desk
from monitor.services.office import ground
from monitor.settings import Settings
from monitor.tasks import ground as resetting
from tests.journeys import served
from tests.journeys.served import Served


@pytest.fixture
def desk(tmp_path, learnt, migrated_file):
    home = tmp_path / "home"
    home.mkdir()
    (home / "desk.sqlite").write_bytes(migrated_file.read_bytes())
    desk = served.found(home, "", learnt, lambda: datetime.now(UTC))
    # As `monitor demo` leaves it, without the ten seconds of its building.
    for name in (ground.MARK, "demo.ready"):
        (home / name).write_text("")
    with desk.writing() as ctx:
        ground.mark(ctx)
    desk.database.dispose()
    return desk


def test_a_reset_gives_a_whole_bureau_though_it_is_killed(desk, visit, as_person, faults):
    running = Served(desk, verb="demo")
    running.start()
    try:
        xiang = as_person(running, "xiang")
        xiang.goto("/admin/office")
        xiang.get_by_role("link", name="重置演示数据").click()
        expect(xiang.get_by_text("不能找回")).to_be_visible()
        xiang.get_by_label("请输入").fill("重置")
        xiang.get_by_role("button", name="重置演示数据").click()
        expect(xiang.locator("[data-ground]")).to_contain_text("自动打开登录页")
        beside = desk.settings.home / resetting.NEXT / "desk.sqlite"
        until = time.monotonic() + 20
        while not beside.exists() and time.monotonic() < until:
            time.sleep(0.1)
        running.kill()
        assert ground.asked(desk.settings) == ground.ASKED
        running.start()

        xiang.wait_for_url(re.compile("/login"), timeout=20_000)
        visitor = visit(running.address)
        visitor.goto("/login")
        visitor.get_by_label("用户名").fill("xiang")
        visitor.get_by_label("密码").fill(demonstration.PASSWORD)
        visitor.get_by_role("button", name="登录").click()
        expect(visitor.locator(".side-foot")).to_contain_text("系统管理员")
    finally:
        running.stop()
    # The page asked while nobody listened, as it should.
    faults[:] = [fault for fault in faults if "ERR_CONNECTION_REFUSED" not in fault]
    fresh = Desk.open(Settings(home=desk.settings.home), lambda: datetime.now(UTC))
    with fresh.reading() as ctx:
        verdict = upkeep.verify(ctx.session, ctx.keys)
    fresh.database.dispose()
    assert verdict.holds
    assert verdict.events > 1000
    assert not (desk.settings.home / resetting.NEXT).exists()
