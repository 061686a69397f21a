"""A photograph on its way: dropped, cut off, gone on with, judged, public without its notes."""

import base64
import io

from PIL import Image
from playwright.sync_api import expect

from monitor.steps import review
from monitor.storage import orders
from tests.attachments.making import photo
from tests.journeys import walking
from tests.web import casefile

_DROP = """(zone, given) => {
  const bytes = Uint8Array.from(atob(given.body), (sign) => sign.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], given.name, { type: "image/jpeg" }));
  const how = { dataTransfer: carried, bubbles: true, cancelable: true };
  for (const what of ["dragover", "drop"]) zone.dispatchEvent(new DragEvent(what, how));
}"""


def large_photo() -> bytes:
    """A photograph of more than two pieces, with place and device in it."""
    with Image.open(io.BytesIO(photo())) as small:
        exif = small.getexif()
    out = io.BytesIO()
    Image.effect_noise((1900, 1400), 120).convert("RGB").save(out, "JPEG", quality=95, exif=exif)
    assert len(out.getvalue()) > 2 << 20
    return out.getvalue()


def dropped(zone, name: str, body: bytes) -> None:
    """Drop a file on a place, as a hand does."""
    zone.evaluate(_DROP, {"name": name, "body": base64.b64encode(body).decode()})


def test_a_photograph_is_public_without_its_notes_and_then_not_at_all(
    office, visit, as_person, faults
):
    number = casefile.in_hand(office.desk)
    zhou = as_person(office, "zhou")
    zhou.goto(f"/desk/orders/{number}")
    cuts = []

    def cut(route) -> None:
        # The second piece never arrives, twice; then the line holds again.
        if route.request.method == "PATCH" and len(cuts) < 3:
            cuts.append(route.request.url)
            if len(cuts) > 1:
                route.abort("connectionreset")
                return
        route.continue_()

    zhou.route("**/desk/uploads/*", cut)
    zone = zhou.locator("[data-attach-field-part=answer]")
    dropped(zone, "现场照片.jpg", large_photo())
    expect(zone).to_contain_text("已传的部分不用重传")
    expect(zhou.locator("#files-list")).to_contain_text("现场照片.jpg", timeout=20_000)
    assert len(cuts) == 3
    # The browser notes the cuts that we made.
    faults[:] = [one for one in faults if "ERR_CONNECTION_RESET" not in one]

    walking_in = zhou.locator("#editor textarea[name=answer]")
    walking_in.fill(casefile.ANSWER)
    zhou.locator("#editor").get_by_label("部分解决").check()
    zhou.get_by_role("button", name="提交答复").last.click()
    walking.expect_done(zhou, "待审核")

    qian = as_person(office, "qian")
    qian.goto(f"/desk/review/{number}")
    judged = qian.locator("#files")
    expect(judged).to_contain_text("拍摄位置")
    expect(judged).to_contain_text("纬度 30.26")
    judged.get_by_label("公开重新生成的清洁件").check()
    judged.get_by_role("button", name="确定").click()
    expect(judged.get_by_label("公开重新生成的清洁件")).to_be_checked()
    signed_by_all(office, number)
    qian.goto(f"/desk/review/{number}")
    qian.keyboard.press("p")
    expect(qian.get_by_role("link", name="看公开页")).to_be_visible()

    reader = visit(office.address)
    reader.goto(f"/answers/{number}")
    with reader.expect_download() as waiting:
        reader.get_by_role("link", name="现场照片.jpg").click()
    with Image.open(waiting.value.path()) as seen:
        assert (seen.size, dict(seen.getexif())) == ((1900, 1400), {})

    qian.get_by_text("撤回公开", exact=True).first.click()
    qian.get_by_label("撤回理由").fill("照片里有他人车牌，处理后再公开")
    qian.get_by_role("button", name="撤回公开").click()
    qian.get_by_role("button", name="确定").click()
    expect(qian.get_by_role("link", name="看公开页")).to_have_count(0)
    assert reader.request.get(f"/answers/{number}/files/1").status == 404


def signed_by_all(office, number: str) -> None:
    """Every signature that is due, given by the steps."""
    for username in ("qian", "wu", "zheng", "sun"):
        if casefile.look(office.desk, number).state == "in_review":
            with office.desk.reading(casefile.as_person(office.desk, username)) as ctx:
                turn = review.standing(ctx, orders.get(ctx.session, ctx.person, number)).turn
            if turn and casefile.as_person(office.desk, username).has(turn.role):
                casefile._do(office.desk, username, number, casefile._signature)


def test_a_letter_takes_files_along_and_a_program_is_named(office, visit):
    page = visit(office.address)
    walking.fill_letter(page)
    zone = page.locator("[data-attach]")
    dropped(zone, "照片.jpg", b"MZ\x90\x00" + bytes(200))
    expect(zone).to_contain_text("扩展名写的是 .jpg，内容是可执行程序")
    dropped(zone, "现场.jpg", photo())
    expect(page.locator("#files-waiting")).to_contain_text("现场.jpg")
    page.get_by_role("button", name="提交来信").click()
    expect(page.locator(".code-board")).to_contain_text("请抄下查询码")
