"""Lists as tools: a view with columns and table, many at once, finding again; both widths."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from monitor.domain.vocabulary import Channel, State
from monitor.steps import dispatch
from tests.web import casefile
from tests.web.waiting import waiting

SEARCH = "/desk/search"


def test_a_view_with_chosen_columns_and_its_table(office, as_person):
    made = [
        waiting(
            office.desk, f"第{place}件补贴来电", f"{place}号{place * 7919}。", channel=Channel.PHONE
        )
        for place in range(33)
    ]
    waiting(office.desk, "信箱来件")
    lin = as_person(office, "lin")
    lin.goto(SEARCH)
    lin.locator("select[name=channel]").select_option("咨询电话")
    expect(lin.locator("tr[data-row]")).to_have_count(30)
    lin.keyboard.press("Escape")
    lin.locator("body").press("c")
    places = {"受理编号": "1", "标题": "2", "状态": "3", "答复期限": "4"}
    for box in lin.locator(".column-list label").all():
        box.locator("input[name=place]").fill(places.get(box.inner_text().strip(), ""))
    lin.get_by_role("button", name="用这些列").click()
    expect(lin.locator(".list-table th[scope=col]")).to_have_text(["", *places])

    lin.locator("#keep > summary").click()
    lin.get_by_label("给现在的筛选和列起个名字").fill("电话来件")
    lin.get_by_role("button", name="保存视图").click()
    expect(lin.locator("#said")).to_contain_text("已保存视图“电话来件”")
    expect(lin.locator(".views nav [aria-current]")).to_have_text("电话来件")
    lin.goto(f"{SEARCH}?all=1&state=in_hand")
    lin.get_by_role("link", name="电话来件").click()
    expect(lin.locator("tr[data-row]")).to_have_count(30)

    shown = [row.inner_text() for row in lin.locator("tr[data-row] td[data-title=受理编号]").all()]
    lin.get_by_role("link", name="下一页").click()
    expect(lin.locator("tr[data-row]")).to_have_count(3)
    shown += [row.inner_text() for row in lin.locator("tr[data-row] td[data-title=受理编号]").all()]
    with lin.expect_download() as loaded:
        lin.get_by_role("link", name=re.compile("导出这 33 件")).click()
    sheet = openpyxl.load_workbook(io.BytesIO(loaded.value.path().read_bytes())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(places)
    assert [row[0] for row in rows[1:]] == shown == made[::-1]
    lin.go_back()
    expect(lin.locator("tr[data-row]")).to_have_count(30)


@pytest.mark.parametrize("width", [0, 390])
def test_many_are_signed_for_but_the_one_that_another_took(office, as_person, width):
    made = [casefile.sent(office.desk, title=f"第{place}件补贴") for place in range(4)]
    zhou = as_person(office, "zhou", width=width)
    zhou.goto(f"{SEARCH}?state=awaiting_sign")
    boxes = zhou.locator("input[name=pick]")
    expect(boxes).to_have_count(4)
    if width:
        boxes.first.click()
        bar = zhou.locator(".bulk-bar").bounding_box()
        assert bar["y"] + bar["height"] <= 844
        assert bar["y"] > 844 * 0.6
        zhou.get_by_role("link", name="全选本页").click()
    else:
        zhou.keyboard.press("j")
        zhou.keyboard.press(" ")
        expect(zhou.locator("[data-picked]")).to_have_text("已选 1 件")
        boxes.nth(3).click(modifiers=["Shift"])
    expect(zhou.locator("[data-picked]")).to_have_text("已选 4 件")
    assert zhou.evaluate("document.documentElement.scrollWidth") <= (width or 1440)
    casefile._do(
        office.desk, "li", made[2], lambda ctx, one: dispatch.sign(ctx, one, seen=one.version)
    )

    zhou.locator("#bulk").get_by_role("button", name="签收").click()

    expect(zhou.locator("#progress")).to_contain_text("共 4 件：办成 3 件，没有办成 1 件")
    row = zhou.locator("tr", has_text="改过这张工单")
    expect(row).to_contain_text(made[2])
    expect(row).to_contain_text("李")
    assert all(casefile.look(office.desk, one).state == State.IN_HAND for one in made)
    assert zhou.evaluate("document.documentElement.scrollWidth") <= (width or 1440)
    expect(zhou.locator("main")).to_contain_text("不用再试")
    zhou.get_by_role("link", name="回到列表").click()
    expect(zhou.locator("main")).to_contain_text("没有符合条件的工单")


def test_without_a_script_the_same_form_does_it(office, as_person):
    made = [casefile.sent(office.desk, title=f"第{place}件补贴") for place in range(2)]
    zhou = as_person(office, "zhou", java_script_enabled=False)
    zhou.goto(f"{SEARCH}?state=awaiting_sign")
    zhou.get_by_role("link", name="全选本页").click()
    zhou.locator("#bulk").get_by_role("button", name="签收").click()

    expect(zhou.locator("#progress")).to_contain_text("办成 2 件")
    assert all(casefile.look(office.desk, one).state == State.IN_HAND for one in made)


def test_finding_with_marks_then_what_is_alike_then_what_was_seen(office, as_person):
    text = "我公司的设备投资补贴公示通过后至今没有到账，供应商已发来律师函，请局长过问。"
    first = waiting(office.desk, "补贴未到账", text)
    copy = waiting(office.desk, "还是补贴", text + "盼复。")
    waiting(office.desk, "别的事", "园区道路塌陷，货车侧翻。")
    lin = as_person(office, "lin")
    lin.goto("/desk/inbox")
    lin.keyboard.press("/")
    lin.keyboard.type("律师函")
    lin.keyboard.press("Enter")
    expect(lin.locator("tr[data-row]")).to_have_count(2)
    expect(lin.locator("tr[data-row] mark").first).to_have_text("律师函")
    lin.locator("body").press("j")
    lin.keyboard.press("j")
    lin.keyboard.press("Enter")
    lin.wait_for_url(re.compile(f"/desk/orders/{first}"))
    lin.keyboard.press("l")
    lin.wait_for_url(re.compile(f"like={first}"))
    expect(lin.locator("tr[data-row]")).to_have_count(1)
    expect(lin.locator(f"#row-{copy}")).to_contain_text("相似")
    expect(lin.locator(f"#row-{copy}")).to_contain_text("都说到")
    lin.keyboard.press("g")
    expect(lin.locator("#recent li")).to_have_count(1)
    lin.locator("#recent a").click()
    lin.wait_for_url(re.compile(f"/desk/orders/{first}"))
    lin.get_by_role("link", name="打印").click()
    expect(lin.locator(".running b")).to_have_text(first)
    lin.go_back()
    expect(lin.locator(".order-title")).to_have_text("补贴未到账")
