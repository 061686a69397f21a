"""Letters as the public writes them, and their way to the public page, for the public tests."""

import re
from collections.abc import Callable
from datetime import timedelta

from monitor.domain.dispatch import Decision
from monitor.domain.vocabulary import State
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.steps import casework, dispatch, publishing, review
from monitor.storage import orders, search
from monitor.storage.answers import Answer, Publication
from monitor.storage.orders import Order
from tests.web import casefile
from tests.web.casefile import as_person, look

NAME, PHONE, EMAIL = "陈试样", "13800000123", "chen@mail.example"
LETTER = {
    "request_type": "help",
    "title": "技改设备补贴公示后一直没有拨款",
    "text": f"我是{NAME}，电话{PHONE}，邮箱{EMAIL}。我公司的技改设备补贴公示通过后一直没有拨款。",
    "name": NAME,
    "phone": PHONE,
    "publish": "yes",
}
ANSWER = f"您好！本批补贴将于10月30日前拨付到账，已电话{PHONE}告知您本人。"
NOTE = "内部说明等财政"
API = "/api/v1/public/answers"
PAPERS = ("/privacy", "/accessibility", "/disclosure", "/wrong", "/figures")
CODE = re.compile(r"<b>((?:[0-9A-Z]{4} ?){4})</b>")


def write(browser, **changed: object) -> tuple[str, str]:
    """Send a letter by the form; its number and 查询码, read as the writer reads them."""
    sent = post(browser, **changed)
    assert (sent.status_code, sent.headers["location"]) == (303, "/status"), sent.text
    page = browser.get("/status").text
    found = CODE.search(page)
    assert found, page
    return number_of(browser, found[1]), found[1]


def post(browser, **changed: object):
    """Send the letter form with some fields changed; None leaves one out."""
    page = browser.get("/letter").text
    data = {**hidden(page), **LETTER, **changed}
    return browser.post("/letter", data={k: v for k, v in data.items() if v is not None})


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the letter form."""
    form = page[page.index('action="/letter" novalidate') :]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', form))


def number_of(browser, code: str) -> str:
    """The number of the order that a code belongs to."""
    from monitor.steps.intake import lookup_mac

    with browser.app.state.desk.reading() as ctx:
        order = orders.by_lookup(ctx.session, lookup_mac(ctx, code))
        assert order is not None
        return order.number


def do(desk: Desk, username: str, number: str, deed: Callable[[Context, Order], object]) -> None:
    """One step on an order by one of the cast."""
    with desk.writing(as_person(desk, username)) as ctx:
        deed(ctx, orders.get(ctx.session, ctx.person, number))


def walk(desk: Desk, number: str, to: str, *, answer: str = ANSWER, topic: str = "funds") -> str:
    """Take an order on to a state, or to `published`; its number again."""
    decision = Decision(topic, "help", "normal", "funds", (), "2.1")
    stages = {
        "awaiting_sign": lambda c, o: dispatch.send(c, o, decision, seen=o.version),
        "in_hand": lambda c, o: dispatch.sign(c, o, seen=o.version),
        "in_review": lambda c, o: casework.submit(
            c, o, answer=answer, solved="solved", note=NOTE, seen=o.version
        ),
    }
    actors = {"awaiting_sign": "lin", "in_hand": "zhou", "in_review": "zhou"}
    for state, deed in stages.items():
        do(desk, actors[state], number, deed)
        if state == to:
            return number
    for username in ("qian", "wu", "sun"):
        if look(desk, number).state == State.IN_REVIEW:
            do(desk, username, number, _sign)
    if to != "to_release":
        do(desk, "qian", number, RELEASE if to == "published" else TELL)
    return number


def _sign(ctx: Context, order: Order) -> None:
    turn = review.standing(ctx, order).turn
    if turn and ctx.person.has(turn.role):
        review.sign_off(ctx, order, opinion="同意", seen=order.version)


def RELEASE(ctx: Context, order: Order) -> None:
    publishing.release(ctx, order, seen=order.version)


def TELL(ctx: Context, order: Order) -> None:
    publishing.record_answer(ctx, order, way="told", at=None, seen=order.version)


def WITHDRAW(ctx: Context, order: Order) -> None:
    publishing.withdraw(ctx, order, reason="内容有变", seen=order.version)


def body(browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.content.decode("utf-8-sig")


def many(desk, count: int, *, topic: str = "policy", text: str = "道路何时通车") -> list[str]:
    """Published answers as rows, without the walk there; their numbers."""
    numbers = [casefile.letter(desk, title=f"{text}{n}", text=f"{text}{n}") for n in range(count)]
    for place, number in enumerate(numbers):
        order = look(desk, number)
        with desk.writing() as ctx:
            answer = Answer(order_id=order.id, version=1, text="答", author="周", at=ctx.now)
            ctx.session.add(answer)
            ctx.session.flush()
            ctx.session.add(
                Publication(
                    order_id=order.id, answer_id=answer.id, number=number, released=True,
                    title=order.title, letter=order.text, answer=f"{text}的答复", topic=topic,
                    request_type="consult", received_at=order.received_at, answered_at=ctx.now,
                    released_at=ctx.now + timedelta(seconds=place), by="钱",
                )
            )  # fmt: skip
            search.add(ctx.session, [(order.id, order.title)], public=True)
    return numbers


def ask(browser, code: str, tail: str = PHONE[-4:]):
    return browser.fill("/status", "/status", code=code, phone_tail=tail)


def page_of(browser, code: str) -> str:
    assert ask(browser, code).headers.get("location") == "/status"
    return browser.get("/status").text
