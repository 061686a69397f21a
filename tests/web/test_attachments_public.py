"""Which files of an answer are public: by explicit choice, cleaned, and gone with the answer."""

import io
from uuid import UUID

import pytest
from PIL import Image

from monitor.storage import answers
from tests.attachments.hostile import CHANGED
from tests.attachments.making import docx, photo, run
from tests.web import casefile
from tests.web.posting import files_of, submit


def reviewed(desk, at_desk, name: str, body: bytes) -> tuple[str, UUID]:
    """An order in review whose answer carries one file."""
    number = casefile.in_hand(desk)
    answer = at_desk("zhou", number, "answer").send(name, body)
    assert answer.status_code == 200, answer.text
    submit(desk, number)
    return number, files_of(desk, number)[0][0]


def choose(desk, qian, number: str, file: UUID, choice: str):
    data = {"csrf": qian.token("/desk/me"), "seen": casefile.seen(desk, number), "choice": choice}
    return qian.post(f"/desk/orders/{number}/files/{file}/choose", data=data)


def signed_and_released(desk, signed_in, number: str):
    act = casefile.sender(desk, signed_in)
    for username in ("qian", "wu", "zheng", "sun"):
        if casefile.look(desk, number).state == "in_review":
            act(username, number, "sign_off", opinion="同意")
    return act("qian", number, "release")


def test_a_picture_is_public_without_what_the_camera_wrote(desk, at_desk, signed_in, visitor):
    number, file = reviewed(desk, at_desk, "现场.jpg", photo())
    qian = signed_in("qian")
    page = qian.get(f"/desk/review/{number}").text
    assert "拍摄位置" in page
    assert "公开原件" not in page
    unsigned = casefile.sender(desk, signed_in)("qian", number, "sign_off", opinion="同意")
    assert "没有选择是否公开" in unsigned.text

    assert choose(desk, qian, number, file, "original").status_code == 422
    assert choose(desk, qian, number, file, "clean").status_code == 303
    assert signed_and_released(desk, signed_in, number).status_code == 303

    reader = visitor()
    assert f"/answers/{number}/files/1" in reader.get(f"/answers/{number}").text
    served = reader.get(f"/answers/{number}/files/1")
    with Image.open(io.BytesIO(served.content)) as image:
        assert dict(image.getexif()) == {}
    assert b"Exif" not in served.content
    assert served.headers["content-disposition"].startswith("attachment")
    assert served.headers["content-security-policy"].startswith("sandbox")
    assert reader.get(f"/answers/{number}/files/2").status_code == 404
    casefile.sender(desk, signed_in)("qian", number, "withdraw", reason="数据有误")
    assert reader.get(f"/answers/{number}/files/1").status_code == 404
    whats = [what for what, _ in casefile.events(desk, number)]
    assert {"file_chosen", "files_published"} <= set(whats)


def test_what_is_not_chosen_is_not_public(desk, at_desk, signed_in, visitor):
    number, file = reviewed(desk, at_desk, "a.docx", docx())

    choose(desk, signed_in("qian"), number, file, "withheld")
    signed_and_released(desk, signed_in, number)

    assert visitor().get(f"/answers/{number}").status_code == 200
    assert visitor().get(f"/answers/{number}/files/1").status_code == 404


@pytest.mark.parametrize(
    ("body", "offered"),
    [
        (docx(), {"withheld", "original", "text"}),
        (docx(CHANGED), {"withheld", "text"}),
        (docx(run("联系人陈试样，电话13800000123。")), {"withheld", "text"}),
    ],
)
def test_an_original_that_hides_something_or_names_somebody_stays(
    desk, at_desk, signed_in, body, offered
):
    number, file = reviewed(desk, at_desk, "a.docx", body)
    qian = signed_in("qian")
    page = qian.get(f"/desk/review/{number}").text

    shown = {
        c for c in ("withheld", "original", "clean", "text") if f'value="{c}" required' in page
    }

    assert shown == offered
    assert choose(desk, qian, number, file, "clean").status_code == 422


def test_a_text_copy_is_redacted(desk, at_desk, signed_in, visitor):
    body = docx(run("联系人陈试样，电话13800000123，补贴十月到账。"))
    number, file = reviewed(desk, at_desk, "陈试样补贴说明.docx", body)

    choose(desk, signed_in("qian"), number, file, "text")
    signed_and_released(desk, signed_in, number)

    served = visitor().get(f"/answers/{number}/files/1")
    text = served.content.decode()
    assert "补贴十月到账" in text
    assert "13800000123" not in text
    assert "陈试样" not in text
    assert "陈试样" not in visitor().get(f"/answers/{number}").text


def test_a_choice_for_more_voids_what_was_signed(desk, at_desk, signed_in):
    number, file = reviewed(desk, at_desk, "a.docx", docx())
    qian = signed_in("qian")
    choose(desk, qian, number, file, "withheld")
    casefile.sender(desk, signed_in)("qian", number, "sign_off", opinion="同意")

    choose(desk, qian, number, file, "original")

    with desk.reading() as ctx:
        answer = answers.latest(ctx.session, casefile.look(desk, number).id)
        assert answers.sign_offs(ctx.session, answer.id) == []
