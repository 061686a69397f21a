"""A sheet of the city's platform: rehearsed, imported, one order returned and still fed back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from playwright.sync_api import expect

from monitor.domain.workdays import local
from tests.journeys import served, walking
from tests.journeys.served import Served
from tests.web import casefile

HEADER = ("工单编号", "受理时间", "标题", "主要内容", "来电人", "联系方式", "备用列")
MATTER = "标准厂房天然气没有接通，入驻三个月无法生产，请明确接通时间。"
RETURNED = "示范园区标准厂房天然气迟迟不接通"


@pytest.fixture(params=["sqlite", "postgresql"])
def running(request, tmp_path, learnt):
    """`monitor serve` on both databases."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    desk = served.found(tmp_path / "home", url, learnt, lambda: datetime.now(UTC))
    running = Served(desk)
    running.start()
    yield running
    running.stop()
    desk.database.dispose()


@pytest.fixture
def sheet(tmp_path):
    """Four rows that a person would accept and one with a receipt in the future."""
    path = tmp_path / "12345日报.xlsx"
    at = local(datetime.now(UTC)).replace(tzinfo=None) - timedelta(hours=2)
    titles = (RETURNED, "园区道路积水无人处理", "外资奖励申报条件咨询", "会展补贴什么时候拨付")
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("工单")
        page.write_row(0, 0, HEADER)
        for row, title in enumerate(titles, start=1):
            told = f"{at - timedelta(minutes=row):%Y-%m-%d %H:%M:%S}"
            cells = (f"DH20260{row:04d}", told, title, title + "。" + MATTER, "王某")
            page.write_row(row, 0, (*cells, f"1380000{row:04d}", "旁注"))
        late = f"{at + timedelta(days=400):%Y-%m-%d %H:%M:%S}"
        page.write_row(5, 0, ("DH202600005", late, "日期写错", MATTER, "王某", "13800000005", ""))
    return path


def test_a_sheet_goes_in_once_and_an_order_goes_its_whole_way(running, sheet, as_person):
    lin = as_person(running, "lin")
    upload(lin, sheet)
    expect(lin.get_by_text("共 5 行")).to_contain_text("将新增 4，更新 0，不变 0，拒绝 1")
    expect(lin.get_by_text("未识别的列")).to_contain_text("备用列")
    expect(lin.locator("table.rows tbody tr")).to_have_count(1)
    expect(lin.locator("table.rows tbody")).to_contain_text("受理时间")
    lin.keyboard.press("a")
    expect(lin.get_by_text("导入完成")).to_be_visible(timeout=30_000)
    expect(lin.locator("#progress")).to_contain_text("新增 4，更新 0，不变 0，拒绝 1")
    with lin.expect_download() as report:
        lin.get_by_role("link", name="下载报告").click()
    assert "受理时间" in report.value.path().read_text("utf-8-sig")

    number = dispatch_to(lin, RETURNED, "funds")
    returned_and_redirected(running, as_person, number)
    answered_and_fed_back(running, as_person, number)

    before = casefile.events(running.desk, number)
    upload(lin, sheet)
    expect(lin.get_by_text("共 5 行")).to_contain_text("将新增 0，更新 0，不变 4，拒绝 1")
    expect(lin.get_by_text("没有要写入的行")).to_be_visible()
    lin.get_by_role("button", name="放弃").click()
    expect(lin.locator("#said")).to_contain_text("没有写入任何工单")
    assert casefile.events(running.desk, number) == before
    lin.goto("/desk/search?q=标准厂房天然气")
    expect(lin.locator("[data-row]")).to_have_count(4)
    assert "Traceback" not in running.said()


def upload(page, sheet):
    page.goto("/desk/import")
    page.get_by_label("表格文件").set_input_files(sheet)
    page.get_by_role("button", name="试读").click()
    page.wait_for_url(re.compile("/desk/import/[0-9a-f-]{36}"))


def dispatch_to(page, title, section):
    """Take an order out of the queue, change the section by hand, dispatch; its number."""
    page.goto("/desk/inbox")
    page.locator("[data-row]").get_by_role("link", name=title).click()
    expect(page.locator("#panel h2").first).to_have_text(title)
    number = page.locator(".panel-facts").inner_text()
    number = re.search(r"HY\d+-\d+", number)[0]
    page.keyboard.press("e")
    page.locator("#f-topic").select_option("factor")
    page.locator("#f-section").select_option(section)
    page.get_by_role("button", name="分办", exact=True).click()
    expect(page.locator(".inbox-done")).to_contain_text("已分办至政策兑现科")
    return number


def returned_and_redirected(running, as_person, number):
    """周 returns it with a ground, 钱 sends it on to 赵's section; nobody else sees it."""
    zhao = as_person(running, "zhao")
    assert zhao.goto(f"/desk/orders/{number}").status == 404
    zhou = as_person(running, "zhou")
    zhou.goto(f"/desk/orders/{number}")
    walking.open_deed(zhou, "ask_return", 退单依据="三定规定第四条：园区供气由要素保障科负责")
    walking.expect_done(zhou, "退单待审")

    qian = as_person(running, "qian")
    qian.goto("/desk/review?tab=returns")
    qian.get_by_role("link", name=RETURNED).click()
    walking.open_deed(qian, "redirect", 主办科室="factor", 理由="属要素保障科职责")
    walking.expect_done(qian, "待签收")
    assert zhou.goto(f"/desk/orders/{number}").status == 404


def answered_and_fed_back(running, as_person, number):
    zhao = as_person(running, "zhao")
    zhao.goto(f"/desk/orders/{number}")
    zhao.keyboard.press("a")
    walking.expect_done(zhao, "办理中")
    zhao.locator("#submit-answer").fill("您好！依据《示范园区供气协议》第三条，月底前接通。")
    zhao.get_by_label("部分解决").check()
    zhao.get_by_label("为什么不等营商环境科的协办意见").fill("供气另有协议，不涉及营商环境科")
    zhao.get_by_role("button", name="提交答复，送办公室审核").click()
    walking.expect_done(zhao, "待审核")

    # It was not said that it may be public: the office alone signs.
    qian = as_person(running, "qian")
    walking.sign_off(qian, number)
    qian.goto(f"/desk/review/{number}")
    qian.get_by_label("方式", exact=True).select_option("fed_back")
    qian.get_by_role("button", name="登记答复，停答复时限").click()
    qian.goto(f"/desk/orders/{number}")
    expect(qian.get_by_text("答复与公开记录")).to_be_visible()
    assert casefile.look(running.desk, number).state == "answered"
    assert qian.goto(f"/answers/{number}").status == 404
