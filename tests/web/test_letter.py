"""The letter form: one letter for one form, nothing typed is lost, nothing secret is kept."""

import re
from pathlib import Path

import pytest
from sqlmodel import func, select

from monitor.storage import history, requesters
from monitor.storage.orders import Order
from tests.web import open_house
from tests.web.casefile import look
from tests.web.open_house import LETTER, NAME, PHONE, post, walk, write


def letters(desk) -> int:
    with desk.reading() as ctx:
        return ctx.session.exec(select(func.count()).select_from(Order)).one()


def on_disk(desk) -> bytes:
    """Every byte of the database and its write-ahead log."""
    path = Path(desk.settings.database_url.removeprefix("sqlite:///"))
    files = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
    return b"".join(file.read_bytes() for file in files)


def field_of(page: str, name: str) -> str:
    return page[page.index(f'id="f-{name}"') :][:700]


def test_a_letter_becomes_an_order_and_its_writer_sees_the_code_once(desk, visitor):
    writer = visitor()

    sent = post(writer)
    first, second = writer.get("/status"), writer.get("/status")

    assert (sent.status_code, sent.headers["location"]) == (303, "/status")
    code = open_house.CODE.search(first.text)[1]
    assert "请抄下查询码" in first.text
    assert code not in second.text
    assert "请抄下查询码" not in second.text
    order = look(desk, open_house.number_of(writer, code))
    assert (order.state, order.channel, order.via) == ("triage", "mailbox", "letter_form")
    assert (order.title, order.text) == (LETTER["title"], LETTER["text"])
    assert (order.consent, order.suggested_type) == (True, "help")
    with desk.reading() as ctx:
        details = requesters.reveal(ctx.keys, requesters.of_order(ctx.session, order.id))
    assert (details.name, details.phone) == (NAME, PHONE)


def test_the_code_stands_in_no_address_and_no_readable_cookie(visitor):
    writer = visitor()

    sent = post(writer)
    cookie = sent.headers["set-cookie"]
    code = open_house.CODE.search(writer.get("/status").text)[1]

    assert "HttpOnly" in cookie
    assert "Path=/status" in cookie
    for written in (cookie, sent.headers["location"], sent.text):
        assert code not in written
        assert code.replace(" ", "") not in written


@pytest.mark.parametrize("name", ["request_type", "title", "text", "name", "phone", "publish"])
def test_a_missing_field_is_told_at_its_place_and_the_rest_stays(desk, visitor, name):
    answer = post(visitor(), **{name: ""})

    assert answer.status_code == 422
    assert f'href="#f-{name}"' in answer.text
    assert 'aria-invalid="true"' in field_of(answer.text, name)
    assert f'id="f-{name}-error"' in answer.text
    assert answer.text.count('class="error"') == 1
    kept = {key: value for key, value in LETTER.items() if key != name}
    for key, value in kept.items():
        if key in {"request_type", "publish"}:
            assert re.search(f'name="{key}" value="{value}"[^>]* checked', answer.text)
        else:
            assert value in answer.text
    assert letters(desk) == 0


def test_neither_choice_of_publication_is_made_beforehand(visitor):
    page = visitor().get("/letter").text

    assert page.count('name="publish"') == 2
    assert " checked" not in page


def test_the_error_summary_can_take_the_focus(visitor):
    page = post(visitor(), publish=None).text

    assert re.search(r'<div class="notebox" role="alert" tabindex="-1" autofocus>', page)
    assert "<title>错误：写信" in page


def test_a_long_text_is_counted_and_kept_whole(desk, visitor):
    text = "长" * 734

    page = post(visitor(), text=text).text

    assert "删去 134 字" in page
    assert text in page
    assert letters(desk) == 0


def test_a_double_click_is_one_letter(desk, visitor):
    writer = visitor()
    page = writer.get("/letter").text
    data = {**open_house.hidden(page), **LETTER}

    codes = []
    for _ in range(3):
        assert writer.post("/letter", data=data).status_code == 303
        codes.append(open_house.CODE.search(writer.get("/status").text)[1])

    assert letters(desk) == 1
    assert len(set(codes)) == 1


def test_another_text_on_the_same_form_is_another_letter(desk, visitor):
    writer = visitor()
    data = {**open_house.hidden(writer.get("/letter").text), **LETTER}

    writer.post("/letter", data=data)
    writer.post("/letter", data={**data, "text": "还有一件事：第三批什么时候申报？"})

    assert letters(desk) == 2


def test_nobody_gets_the_code_of_another_by_writing_his_words(desk, visitor):
    one, other = visitor(), visitor("10.0.0.2")
    post(one)
    mine = open_house.CODE.search(one.get("/status").text)[1]

    post(other)

    assert open_house.CODE.search(other.get("/status").text)[1] != mine
    assert letters(desk) == 2


def test_going_back_and_sending_it_again_shows_the_first_receipt(desk, visitor, clock):
    writer = visitor()
    post(writer)
    first = writer.get("/status").text
    code = open_house.CODE.search(first)[1]
    assert "没有重复登记" not in first
    clock.wait(hours=7)

    # A fresh form; the same number, written another way.
    again = post(writer, phone="138 0000 0123", text=f" {LETTER['text']}\r\n")
    page = writer.get("/status").text

    assert (again.status_code, again.headers["location"]) == (303, "/status")
    assert "已于 10月9日 10:24 收到，没有重复登记" in page
    assert open_house.CODE.search(page)[1] == code
    assert "没有重复登记" not in writer.get("/status").text
    assert letters(desk) == 1
    for written in (*again.headers.get_list("set-cookie"), again.headers["location"]):
        for word in (NAME, PHONE, LETTER["title"], code):
            assert word not in written


@pytest.mark.parametrize(
    "changed",
    [{"publish": "no"}, {"name": "李试样"}, {"phone": "13800000124"}, {"request_type": "consult"}],
)
def test_what_is_not_the_same_is_not_swallowed(desk, visitor, changed):
    writer = visitor()
    post(writer)

    post(writer, **changed)

    assert letters(desk) == 2


@pytest.mark.parametrize("hour", range(0, 24, 5))
def test_a_day_later_the_same_words_are_a_new_letter(desk, visitor, clock, hour):
    writer = visitor()
    clock.wait(hours=hour)
    post(writer)
    clock.wait(hours=23, minutes=59)
    post(writer)
    assert letters(desk) == 1

    clock.wait(minutes=1)
    for _ in range(2):
        post(writer)

    assert letters(desk) == 2


@pytest.mark.parametrize("name", ["title", "text", "name"])
def test_a_mark_of_secrecy_is_refused_and_nothing_of_it_kept(desk, visitor, name):
    secret = "机密★10年 某项目清单泄露会误事"

    answer = post(visitor(), **{name: secret})

    assert answer.status_code == 422
    assert "机要渠道" in answer.text
    assert letters(desk) == 0
    kept = on_disk(desk)
    assert "项目清单".encode() not in kept
    with desk.reading() as ctx:
        events = [(event.what, event.details) for event in history.latest(ctx.session)]
    assert "secrecy_refused" in [what for what, _ in events]
    assert not [details for _, details in events if "清单" in details]


def test_the_personal_columns_are_not_readable_on_the_disk(desk, visitor):
    write(visitor(), text="请问第三批设备补贴什么时候开始申报？")

    kept = on_disk(desk)

    assert kept
    assert NAME.encode() not in kept
    assert PHONE.encode() not in kept


def test_hostile_words_come_back_as_words(visitor):
    evil = "</textarea><script>alert(1)</script>\"'><img src=x>"

    page = post(visitor(), title=evil, text=evil, name=evil, phone=evil, publish=None).text

    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page


@pytest.mark.parametrize(
    "fields",
    [{"text": "控\x00制"}, {"title": "x" * 5000}, {"publish": "x" * 999}, {"request_type": "🚀"},
     {"text": "𝕏" * 99_999}, {"name": "\u202eabc"}],
)  # fmt: skip
def test_odd_input_is_refused_or_taken_but_never_breaks(visitor, fields):
    assert post(visitor(), **fields).status_code in {303, 400, 422}


def test_a_form_of_another_site_is_refused(desk, visitor):
    writer = visitor()
    writer.get("/letter")

    assert writer.post("/letter", data=LETTER).status_code == 403
    assert letters(desk) == 0


def test_published_answers_are_offered_before_one_writes(desk, visitor):
    shown, _ = write(visitor())
    walk(desk, shown, "published")
    hidden, _ = write(visitor(), title="技改设备补贴另一件不公开的", publish="no")
    walk(desk, hidden, "answered")

    asked = visitor().get("/letter", params={"q": "设备补贴"}).text
    wrong = post(visitor(), phone="").text

    for page in (asked, wrong):
        aside = page[page.index("也许已有答复") :]
        assert f'href="/answers/{shown}"' in aside
        assert hidden not in page
        assert "不公开的" not in aside


@pytest.mark.parametrize("q", ["，。！", "％％", "没有这样的词", "x" * 9000, "\ud83d"[:0] + "'\"*"])
def test_looking_before_writing_never_breaks(visitor, q):
    assert visitor().get("/letter", params={"q": q}).status_code == 200


def test_the_letter_page_loads_nothing_from_elsewhere(visitor):
    page = visitor().get("/letter").text

    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert re.findall(r"<script[^>]*>", page) == re.findall(
        r'<script src="/static/attach\.js\?v=\w+" defer>', page
    )


def test_orders_are_not_read_by_strangers_through_the_form(desk, visitor):
    write(visitor())

    page = visitor("10.1.1.1").get("/letter", params={"q": "设备补贴"}).text

    assert LETTER["title"] not in page
