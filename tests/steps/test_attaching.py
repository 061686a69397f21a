"""Files of an order on both databases: one content once, taken off, put back, forgotten."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.domain.errors import NotAllowed, NotFound, Refused
from monitor.services.attachments import receiving, tidying
from monitor.services.attachments.receiving import Sender
from monitor.services.desk import SYSTEM
from monitor.steps import attaching, intake
from monitor.storage import orders
from monitor.storage.attachments import disk, rows
from tests.attachments.making import docx
from tests.steps import letters
from tests.steps.conftest import MORNING, Office


@pytest.fixture
def number(office: Office) -> str:
    """An order that waits for triage."""
    return received(office)


def received(office: Office, **given) -> str:
    """The number of a new letter."""
    letter = letters.letter(MORNING, **given)
    return office.at(MORNING, "public", lambda ctx: intake.receive_one(ctx, letter)).number


def attach(office: Office, number: str, who: str, name: str, body: bytes):
    """One file, received whole and attached."""
    order = office.order(number)
    sender = Sender(f"order:{order.id.hex}:record", who, SYSTEM)
    receiving.receive_whole(office.desk, sender, name, io.BytesIO(body), 0)

    def claim(ctx):
        found = orders.get(ctx.session, ctx.person, number)
        return [row.id for row in attaching.claim(ctx, found, "record", sender.place, who)]

    return office.at(MORNING, who, claim)[0]


def act(office: Office, number: str, who: str, deed, *given, now=MORNING):
    def do(ctx):
        return deed(ctx, orders.get(ctx.session, ctx.person, number), *given)

    return office.at(now, who, do)


def test_a_file_is_attached_removed_and_restored(office, number):
    file = attach(office, number, "lin", "说明.docx", docx())

    act(office, number, "lin", attaching.remove, file)
    with pytest.raises(NotFound):
        act(office, number, "lin", attaching.of, file)
    act(office, number, "lin", attaching.restore, file)

    with office.desk.reading() as ctx:
        [row] = rows.of_order(ctx.session, office.order(number).id)
        assert rows.name_of(ctx.keys, row) == "说明.docx"
        assert rows.counted(ctx.session, row.order_id, "record") == 1


def test_what_was_removed_long_ago_does_not_come_back(office, number):
    file = attach(office, number, "lin", "说明.docx", docx())
    act(office, number, "lin", attaching.remove, file)

    with pytest.raises(Refused):
        act(office, number, "lin", attaching.restore, file, now=MORNING + timedelta(hours=25))


def test_who_does_not_work_on_orders_adds_and_removes_nothing(office, number):
    file = attach(office, number, "lin", "说明.docx", docx())

    with pytest.raises(NotAllowed):
        act(office, number, "sun", attaching.refuse_adding, "record")
    with pytest.raises(Refused):
        act(office, number, "sun", attaching.remove, file)


def test_equal_contents_are_one_and_stay_while_one_is_wanted(office, number):
    other = received(office, title="另一件事情的来信标题")
    body = docx()
    first = attach(office, number, "lin", "一.docx", body)
    attach(office, other, "lin", "二.docx", body)
    here = {sha256 for sha256, _ in disk.stored(office.desk.settings)}

    act(office, number, "lin", attaching.remove, first)
    later = replace(office.desk, clock=lambda: MORNING + timedelta(hours=48))
    found = tidying.tidy(later)

    assert (found.missing, found.changed, found.uploads) == ((), (), 0)
    assert {sha256 for sha256, _ in disk.stored(office.desk.settings)} == here
