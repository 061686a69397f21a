"""What is on file about an order, in an order that stays."""

import re
from uuid import UUID

from monitor.storage import orders
from monitor.storage.casework import Contact
from tests.web import casefile
from tests.web.casefile import as_person


def test_contacts_of_one_minute_stand_in_one_order(desk, signed_in):
    number = casefile.in_hand(desk)
    with desk.writing(as_person(desk, "li")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        for place in range(6):
            told = {"at": ctx.now, "way": "电话", "by": "李（li）", "outcome": f"第{place}通"}
            ctx.session.add(Contact(id=UUID(int=9 - place), order_id=order.id, **told))

    page = signed_in("li").get(f"/desk/orders/{number}").text

    assert re.findall(r"第(\d)通", page) == list("012345")
