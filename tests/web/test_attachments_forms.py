"""Files that come with a letter or a registered call, before there is an order."""

import re

from tests.attachments.hostile import MZ
from tests.attachments.making import docx, photo, picture
from tests.web import casefile, open_house
from tests.web.posting import Sender, files_of


def test_a_letter_brings_its_files_and_nobody_publishes_them(desk, visitor, signed_in):
    writer = visitor()
    page = writer.get("/letter").text
    hidden = open_house.hidden(page)
    sender = Sender(
        writer, "/letter/files", "/letter/files", hidden["csrf"], token=hidden["files_token"]
    )

    assert sender.send("现场.jpg", photo()).status_code == 200
    listed = writer.get("/letter/files", params={"token": hidden["files_token"]}).text
    stranger = visitor("10.1.1.1").get("/letter/files", params={"token": hidden["files_token"]})
    sent = writer.post(
        "/letter", data={**hidden, **open_house.LETTER}, files=[("files", ("二.docx", docx()))]
    )

    assert "现场.jpg" in listed
    assert "现场.jpg" not in stranger.text
    assert sent.status_code == 303
    code = open_house.CODE.search(writer.get("/status").text)[1]
    number = open_house.number_of(writer, code)
    named = {(part, name) for _, part, name, _ in files_of(desk, number)}
    assert named == {("requester", "现场.jpg"), ("requester", "二.docx")}
    lin = signed_in("lin")
    file = files_of(desk, number)[0][0]
    lin.get(f"/desk/orders/{number}/files/{file}")
    lin.get(f"/desk/orders/{number}/files/{file}/original")
    read = [(what, told.get("personal")) for what, told in casefile.events(desk, number)]
    assert ("file_opened", True) in read
    assert ("file_downloaded", True) in read


def test_a_letter_with_a_refused_file_keeps_every_word(visitor):
    writer = visitor()
    hidden = open_house.hidden(writer.get("/letter").text)

    answer = writer.post(
        "/letter", data={**hidden, **open_house.LETTER},
        files=[("files", ("好.jpg", picture())), ("files", ("坏.jpg", MZ))],
    )  # fmt: skip

    assert answer.status_code == 422
    assert "坏.jpg：扩展名写的是 .jpg，内容是可执行程序" in answer.text
    assert open_house.LETTER["text"] in answer.text
    assert "好.jpg" in answer.text


def test_a_registered_call_brings_its_files(desk, signed_in):
    lin = signed_in("lin")
    page = lin.get("/desk/register").text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    data = {"csrf": lin.token("/desk/register"), "token": token, "channel": "phone",
            "text": casefile.TEXT, "received_at": "2026-10-09T10:00"}  # fmt: skip

    answer = lin.post("/desk/register", data=data, files=[("files", ("材料.docx", docx()))])

    number = re.search(r"HY\d+-\d+", answer.headers["location"])[0]
    assert [(part, name) for _, part, name, _ in files_of(desk, number)] == [
        ("record", "材料.docx")
    ]
