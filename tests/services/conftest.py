"""An office with two orders of yesterday, for the tests of its chains."""

from datetime import timedelta

import pytest
from sqlmodel import select

from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Via
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.steps import intake
from monitor.storage.orders import Order
from tests.founding import ruled
from tests.services.made_orders import NOW


@pytest.fixture
def moment():
    return [NOW - timedelta(days=1)]


@pytest.fixture
def desk(tmp_path, database, moment) -> Desk:
    """Two orders of three events each, received yesterday, and a system chain."""
    desk = ruled(Settings(home=tmp_path), database, lambda: moment[0])
    for place in range(2):
        with desk.writing() as ctx:
            text = f"第{place}件：补贴公示以后什么时候到账？"
            letter = Incoming(Channel.MAILBOX, Via.LETTER_FORM, text, ctx.now)
            number = intake.receive_one(ctx, letter).number
            order = ctx.session.exec(select(Order).where(Order.number == number)).one()
            ctx.record("note", order, text="一")
            ctx.record("note", order, text="二")
            ctx.record_system("exported", rows=1)
    moment[0] = NOW
    return desk
