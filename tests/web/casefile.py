"""Orders in the states that the tests of pages need, made by the steps as people would."""

from datetime import timedelta

import orjson

from monitor.domain.access import Acting
from monitor.domain.dispatch import Decision
from monitor.domain.letters import Incoming, Requester
from monitor.domain.vocabulary import Arrival, Channel, Via
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.handling import pledging as pledges
from monitor.steps import casework, dispatch, intake, publishing, review
from monitor.steps.timing import pledging
from monitor.storage import history, orders, people
from monitor.storage.orders import Order

TEXT = "我公司的技改设备补贴公示通过后一直没有拨款，卡在哪个环节，什么时候能到账？"
NAME, PHONE = "陈试样", "13800000123"
ANSWER = "您好！依据《惠企资金兑现办法》第十二条，本批补贴将于10月30日前拨付到账。"
DECISION = Decision("funds", "help", "normal", "funds", (), "2.1")
# Who may chase and supervise may do so in every open state.
_WATCHES = {"chase", "supervise", "raise_up"}
WATCHES = {"lin": {"chase"}, "zhou": {"chase"}, "qian": _WATCHES, "sun": _WATCHES}


def as_person(desk: Desk, username: str) -> Acting:
    """One of the cast as the rules see him."""
    with desk.reading() as ctx:
        person = people.by_username(ctx.session, username)
        assert person is not None
        return people.acting(person, people.sections(ctx.session))


def seen(desk: Desk, number: str) -> int:
    """The version that a page would show now."""
    with desk.reading(as_person(desk, "lin")) as ctx:
        return orders.get(ctx.session, ctx.person, number).version


def look(desk: Desk, number: str) -> Order:
    """The order as it stands."""
    with desk.reading(as_person(desk, "lin")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        ctx.session.expunge(order)
    return order


def letter(desk: Desk, *, title: str = "技改设备补贴公示通过后一直未拨款", text: str = TEXT,
           consent: bool | None = True, channel: Channel = Channel.MAILBOX,
           upstream_no: str | None = None, **more: object) -> str:  # fmt: skip
    """A new order in 待研判; its number."""
    with desk.writing() as ctx:
        incoming = Incoming(
            channel, Via.LETTER_FORM, text, ctx.now - timedelta(minutes=40), title=title,
            requester=Requester(name=NAME, phone=PHONE), consent=consent, upstream_no=upstream_no,
            **{"arrival": Arrival.IN_PERSON, **more},
        )  # fmt: skip
        return intake.receive_one(ctx, incoming).number


def sent(desk: Desk, *, decision: Decision = DECISION, **more: object) -> str:
    """An order in 待签收 of the section funds."""
    number = letter(desk, **more)
    _do(desk, "lin", number, lambda ctx, order: dispatch.send(ctx, order, decision, seen=1))
    return number


def in_hand(desk: Desk, **more: object) -> str:
    """An order in 办理中 of the section funds."""
    number = sent(desk, **more)
    _do(desk, "zhou", number, lambda ctx, order: dispatch.sign(ctx, order, seen=order.version))
    return number


def in_review(desk: Desk, **more: object) -> str:
    """An order in 待审核, answered by 周."""
    number = in_hand(desk, **more)
    _do(desk, "zhou", number, _hand_in)
    return number


def to_release(desk: Desk, **more: object) -> str:
    """An order in 待发布, with every signature."""
    number = in_review(desk, **more)
    _sign(desk, number)
    return number


def answer(desk: Desk, number: str) -> None:
    """Have an order that is in hand answered: handed in, signed, and told by phone."""
    _do(desk, "zhou", number, _hand_in)
    answer_reviewed(desk, number)


def answer_reviewed(desk: Desk, number: str) -> None:
    """Have an order that is in review signed, and told by phone."""
    _sign(desk, number)
    _do(desk, "qian", number, _tell)


def settle(desk: Desk, number: str) -> None:
    """Nothing that the answer says is a promise."""

    def drop(ctx: Context, order: Order) -> None:
        for code, _ in pledges.options(ctx, order, "drop_pledge"):
            pledging.drop(ctx, order, pledge=code, reason="引用规定", seen=order.version)

    _do(desk, "qian", number, drop)


def _hand_in(ctx: Context, order: Order) -> None:
    casework.submit(ctx, order, answer=ANSWER, solved="partly", note="等财政", seen=order.version)


def _tell(ctx: Context, order: Order) -> None:
    publishing.record_answer(ctx, order, way="told", at=None, seen=order.version)


def _sign(desk: Desk, number: str) -> None:
    for username in ("qian", "wu", "zheng", "sun"):
        with desk.reading(as_person(desk, username)) as ctx:
            order = orders.get(ctx.session, ctx.person, number)
            turn = review.standing(ctx, order).turn if order.state == "in_review" else None
        if turn and as_person(desk, username).has(turn.role):
            _do(desk, username, number, _signature)


def _signature(ctx: Context, order: Order) -> None:
    review.sign_off(ctx, order, opinion="同意", seen=order.version)


def _do(desk: Desk, username: str, number: str, deed) -> None:
    with desk.writing(as_person(desk, username)) as ctx:
        deed(ctx, orders.get(ctx.session, ctx.person, number))


def events(desk: Desk, number: str) -> list[tuple[str, dict]]:
    """What is on record about an order: each event with its details."""
    order = look(desk, number)
    with desk.reading() as ctx:
        found = history.of_order(ctx.session, order.id)
        return [(event.what, orjson.loads(event.details)) for event in found]


def sender(desk: Desk, signed_in):
    """Send one move as one of the cast: `act("zhou", number, "sign")`."""
    browsers = {}

    def act(username: str, number: str, move: str, /, **fields):
        if username not in browsers:
            browsers[username] = signed_in(username)
        browser = browsers[username]
        data = {"csrf_token": browser.token("/desk/me"), "seen": seen(desk, number), **fields}
        return browser.post(f"/desk/orders/{number}/{move}", data=data)

    return act
