"""Attached files over HTTP: in pieces, whole, refused, seen, downloaded, removed, forgotten."""

import hashlib
import io
import os
from uuid import UUID

import pytest
from PIL import Image

from monitor.services.attachments import tidying
from monitor.storage import history
from monitor.storage.attachments import disk
from tests.attachments.hostile import CHANGED, MZ
from tests.attachments.making import docx, photo, picture, run
from tests.web import casefile
from tests.web.posting import files_of, on_disk, submit


def test_a_file_in_pieces_goes_on_after_a_cut(desk, at_desk):
    number = casefile.in_hand(desk)
    zhou = at_desk("zhou", number)
    big = io.BytesIO()
    Image.effect_noise((1400, 1400), 90).save(big, "PNG")
    body = big.getvalue()
    assert len(body) > 1 << 20

    upload = zhou.begin("现场.png", len(body)).json()["upload"]
    first = zhou.piece(upload, 0, body[: 1 << 20])
    again = zhou.piece(upload, 0, body[: 1 << 20])
    gap = zhou.piece(upload, (1 << 20) + 5, body[(1 << 20) + 5 :][:10])
    early = zhou.done(upload)
    stands = zhou.browser.get(f"/desk/uploads/{upload}").json()
    rest = zhou.piece(upload, stands["received"], body[stands["received"] :][: 1 << 20])
    while rest.json()["received"] < len(body):
        at = rest.json()["received"]
        rest = zhou.piece(upload, at, body[at:][: 1 << 20])
    last = zhou.done(upload, hashlib.sha256(body).hexdigest())

    assert [first.json()["received"], again.json()["received"]] == [1 << 20, 1 << 20]
    assert (gap.status_code, early.status_code, last.status_code) == (409, 409, 200)
    [(_, part, name, sha256)] = files_of(desk, number)
    assert (part, name) == ("record", "现场.png")
    assert disk.read(desk.settings, sha256) == body
    assert ("file_added", "record") in [
        (what, told.get("part")) for what, told in casefile.events(desk, number)
    ]
    assert "现场" not in str(casefile.events(desk, number))


def test_nobody_goes_on_with_the_upload_of_another(desk, at_desk, signed_in):
    number = casefile.in_hand(desk)
    upload = at_desk("zhou", number).begin("a.png", 10).json()["upload"]

    li = at_desk("li", number)

    assert li.browser.get(f"/desk/uploads/{upload}").status_code == 404
    assert li.piece(upload, 0, b"x").status_code == 404
    assert li.done(upload).status_code == 404


def test_a_changed_content_is_forgotten(desk, at_desk):
    number = casefile.in_hand(desk)
    zhou = at_desk("zhou", number)
    body = picture()
    upload = zhou.begin("a.jpg", len(body)).json()["upload"]
    zhou.piece(upload, 0, body)

    answer = zhou.done(upload, hashlib.sha256(b"other").hexdigest())

    assert answer.status_code == 409
    assert (files_of(desk, number), on_disk(desk)) == ([], [])
    assert not disk.arriving(desk.settings, UUID(upload)).exists()


def test_what_is_refused_leaves_nothing(desk, at_desk):
    number = casefile.in_hand(desk)

    answer = at_desk("zhou", number).send("照片.jpg", MZ)

    assert answer.status_code == 422
    assert "扩展名写的是 .jpg，内容是可执行程序" in answer.json()["detail"]
    assert (files_of(desk, number), on_disk(desk)) == ([], [])
    assert list(disk.left_over(desk.settings)) == []


@pytest.mark.parametrize("place", ["body", "hidden", "name"])
def test_a_mark_of_secrecy_is_refused_and_only_the_fact_is_kept(desk, at_desk, place):
    number = casefile.in_hand(desk)
    words = "机密★10年 会议纪要"
    body = {"body": docx(run(words)), "hidden": docx(run(words, look="<w:vanish/>"))}
    zhou = at_desk("zhou", number)

    if place == "name":
        answer = zhou.begin("绝密★启用前.docx", 10)
    else:
        answer = zhou.send("纪要.docx", body[place])

    assert (answer.status_code, answer.json()["title"]) == (422, "含密级标志，未予接收")
    assert (files_of(desk, number), on_disk(desk)) == ([], [])
    assert list(disk.left_over(desk.settings)) == []
    events = signed_events(desk)
    assert "secrecy_refused" in events


def signed_events(desk) -> list[str]:
    with desk.reading() as ctx:
        return [event.what for event in history.latest(ctx.session)]


def test_sizes_and_numbers_are_refused_before_anything_is_sent(desk, at_desk):
    number = casefile.in_hand(desk)
    zhou = at_desk("zhou", number)

    assert "超过 20 MB" in zhou.begin("a.pdf", 21 << 20).json()["detail"]
    assert "0 字节" in zhou.begin("a.pdf", 0).json()["detail"]
    for _ in range(10):
        assert zhou.begin("a.pdf", 10).status_code == 201
    assert "最多 10 个" in zhou.begin("a.pdf", 10).json()["detail"]
    page = zhou.browser.get(f"/desk/orders/{number}").text
    assert "每个不超过 20 MB，最多 10 个" in page


def test_without_script_an_ordinary_form_does_it(desk, signed_in):
    number = casefile.in_hand(desk)
    zhou = signed_in("zhou")
    data = {"csrf": zhou.token(f"/desk/orders/{number}"), "part": "answer"}

    sent = zhou.post(
        f"/desk/orders/{number}/files", data=data,
        files=[("files", ("一.jpg", picture())), ("files", ("二.docx", docx()))],
    )  # fmt: skip
    wrong = zhou.post(
        f"/desk/orders/{number}/files", data=data, files=[("files", ("三.svg", b"<svg/>"))]
    )

    assert sent.status_code == 303
    names = {name for _, _, name, _ in files_of(desk, number, "answer")}
    assert names == {"一.jpg", "二.docx"}
    assert (wrong.status_code, "SVG 图片里可以带脚本" in wrong.text) == (422, True)


def test_the_same_content_is_stored_once_and_with_narrow_rights(desk, at_desk):
    one, two = casefile.in_hand(desk), casefile.in_hand(desk, title="另一件")
    body = docx()
    at_desk("zhou", one).send("a.docx", body)
    before = on_disk(desk)
    at_desk("zhou", two).send("b.docx", body)

    assert on_disk(desk) == before
    [(_, _, _, sha256)] = files_of(desk, one)
    path = disk.path_of(desk.settings, sha256)
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert (path.parent.name, path.name) == (sha256[:2], sha256[2:])


def test_a_name_is_not_readable_on_the_disk(desk, at_desk):
    number = casefile.in_hand(desk)
    at_desk("zhou", number).send("陈试样的身份证.jpg", photo())

    kept = b"".join(path.read_bytes() for path in desk.settings.home.glob("desk.sqlite*"))
    for words in ("陈试样的身份证", "Chen Shiyang", "30.26000"):
        assert words.encode() not in kept


def test_an_original_is_only_ever_a_download(desk, at_desk):
    number = casefile.in_hand(desk)
    zhou = at_desk("zhou", number)
    zhou.send("照片.jpg", photo())
    zhou.send("说明.docx", docx(CHANGED))
    (one, *_), (two, *_) = sorted(files_of(desk, number), key=lambda file: file[2])
    home = f"/desk/orders/{number}/files"

    down = zhou.browser.get(f"{home}/{one}/original")
    page = zhou.browser.get(f"{home}/{two}").text
    seen = zhou.browser.get(f"{home}/{one}/look/0")

    assert down.content == photo()
    assert down.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert down.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert down.headers["x-content-type-options"] == "nosniff"
    assert "不同意拨付三百万元" in page
    assert "修订：删除" in page
    assert (seen.headers["content-type"], b"Exif" in seen.content) == ("image/jpeg", False)
    assert "file_downloaded" in [what for what, _ in casefile.events(desk, number)]


def test_a_removed_file_comes_back_within_a_day(desk, at_desk, clock):
    number = casefile.in_hand(desk)
    zhou = at_desk("zhou", number)
    zhou.send("a.docx", docx())
    [(file, *_)] = files_of(desk, number)
    home, token = f"/desk/orders/{number}/files/{file}", {"csrf": zhou.fields["csrf"]}

    assert zhou.browser.post(f"{home}/remove", data=token).status_code == 303
    assert files_of(desk, number) == []
    assert zhou.browser.get(f"{home}/original").status_code == 404
    assert zhou.browser.post(f"{home}/restore", data=token).status_code == 303
    assert len(files_of(desk, number)) == 1
    zhou.browser.post(f"{home}/remove", data=token)
    clock.wait(hours=25)
    later = at_desk("zhou", number)
    refused = later.browser.post(f"{home}/restore", data={"csrf": later.fields["csrf"]})
    assert (refused.status_code, "超过一天" in refused.text) == (409, True)


def test_an_answer_handed_in_keeps_its_files(desk, at_desk):
    number = casefile.in_hand(desk)
    zhou = at_desk("zhou", number, "answer")
    zhou.send("a.docx", docx())
    [(file, *_)] = files_of(desk, number)
    submit(desk, number)

    answer = zhou.browser.post(
        f"/desk/orders/{number}/files/{file}/remove", data={"csrf": zhou.fields["csrf"]}
    )

    assert (answer.status_code, len(files_of(desk, number))) == (409, 1)
    assert zhou.begin("b.docx", 10).status_code == 409


def test_another_section_sees_no_file(desk, at_desk, signed_in):
    number = casefile.in_hand(desk)
    at_desk("zhou", number).send("a.docx", docx())
    [(file, *_)] = files_of(desk, number)
    zhao = signed_in("zhao")

    for path in ("", "/original", "/look/0"):
        assert zhao.get(f"/desk/orders/{number}/files/{file}{path}").status_code == 404


def test_orphans_go_after_a_day_and_what_is_wanted_stays(desk, at_desk, clock):
    number = casefile.in_hand(desk)
    zhou = at_desk("zhou", number)
    zhou.send("a.docx", docx())
    zhou.begin("b.pdf", 100)
    orphan = disk.put(desk.settings, UUID(int=7), b"nobody wants this")
    kept = set(on_disk(desk)) - {orphan}
    for _, path in disk.stored(desk.settings):
        os.utime(path, (0, 0))

    clock.wait(hours=25)
    found = tidying.tidy(desk)
    disk.path_of(desk.settings, sorted(kept)[0]).write_bytes(b"changed")
    later = tidying.tidy(desk)

    assert (found.orphans, found.uploads, found.missing, found.changed) == (1, 1, (), ())
    assert set(on_disk(desk)) == kept
    assert later.changed == (sorted(kept)[0],)
