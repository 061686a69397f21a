"""What 分办台 foretells of an order: the clocks that dispatch will start, its requests."""

from monitor.domain.vocabulary import Arrival, Channel
from tests.web.waiting import waiting

INBOX = "/desk/inbox"


def test_the_plan_keeps_to_a_rule_that_was_chosen(desk, act, signed_in):
    number = waiting(desk)
    before = signed_in("lin").get(INBOX).text

    act("lin", number, "choose_rule", rule="LX-1.complex", reason="涉及三个部门")

    page = signed_in("lin").get(INBOX).text
    assert "<dt>答复</dt><dd>10月15日" in before
    assert "<dt>答复</dt><dd>10月29日" in page
    assert "时限按 LX-1.complex 第 1 版" in page


def test_the_plan_names_no_day_before_the_receipt_is_confirmed(desk, signed_in):
    waiting(desk, channel=Channel.DISCLOSURE, arrival=Arrival.ONLINE)

    page = signed_in("lin").get(INBOX).text

    assert "<dt>答复</dt><dd>待确认收到</dd>" in page
    assert "答复时限从双方确认收到之日起算" in page


def test_a_title_that_says_a_request_again_is_no_request_of_its_own(desk, signed_in):
    text = "希望尽快拨付技改补贴。另外希望减免厂房租金。"
    number = waiting(desk, text, text)
    lin = signed_in("lin")

    page = lin.get(INBOX).text
    whole = lin.get(f"/desk/orders/{number}?do=split").text

    assert "看来有 2 项诉求" in page
    assert "希望尽快拨付技改补贴。\n\n另外希望减免厂房租金。" in whole
