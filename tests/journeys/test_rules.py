"""The office edits its own rules: a catalogue row tried out, published, at work, taken back."""

from playwright.sync_api import expect

from tests.web import casefile

WORD = "鹊桥夜市灯串"
LETTER = f"{casefile.TEXT}{WORD}的补贴也没有到账。"
ROW = "9.90"


def confirm(page, words: str) -> None:
    """Publish what was tried out."""
    page.get_by_role("button", name=words).click()
    page.wait_for_load_state()


def suggested(page, number: str):
    """The card of the section that the desk suggests for a record."""
    page.goto(f"/desk/inbox?order={number}")
    return page.locator(".sug", has_text="主办科室")


def test_a_catalogue_row_is_tried_out_published_and_taken_back(office, as_person):
    waiting = casefile.letter(office.desk, text=LETTER)
    xiang, lin = as_person(office, "xiang"), as_person(office, "lin")
    expect(suggested(lin, waiting)).to_contain_text("政策兑现科")

    xiang.goto("/admin/rules/catalogue/new")
    xiang.locator("[name=code]").fill(ROW)
    xiang.locator("[name=topic]").select_option("funds")
    xiang.locator("[name=words]").fill(WORD)
    xiang.locator("[name=section]").select_option("talent")
    xiang.locator("[name=duty]").fill("夜市灯串补贴由人才服务科受理")
    xiang.locator("[name=before]").select_option(index=1)
    xiang.locator("[name=reason]").fill("科室分工调整")
    xiang.get_by_role("button", name="先试算，看影响").click()
    expect(xiang.get_by_role("region", name="会变的工单")).to_contain_text(waiting)
    expect(xiang.get_by_role("region", name="会变的工单")).to_contain_text("人才服务科")
    confirm(xiang, "发布第 1 版")

    fresh = casefile.letter(office.desk, text=LETTER, title="另一件")
    expect(suggested(lin, fresh)).to_contain_text("人才服务科")
    expect(suggested(lin, fresh)).to_contain_text(ROW)

    xiang.goto(f"/admin/rules/catalogue/{ROW}")
    xiang.locator("#f-retire-reason").fill("分工恢复原样")
    xiang.get_by_role("button", name="先试算，再停用").click()
    confirm(xiang, "停用")
    later = casefile.letter(office.desk, text=LETTER, title="第三件")
    expect(suggested(lin, later)).to_contain_text("政策兑现科")
