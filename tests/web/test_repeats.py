"""Other letters beside one that waits: from the same telephone, however differently they say it."""

from tests.web.waiting import waiting

INBOX = "/desk/inbox"
FIRST = "二号路又积水了，货车进不来，什么时候修？"
AGAIN = "我是上次打过电话的，店门口还是一下雨就淹，请再催一催。"


def test_what_came_from_the_same_telephone_is_shown_beside_a_letter(desk, signed_in):
    earlier = waiting(desk, "二号路积水", FIRST)
    waiting(desk, "别人的事", "展会的摊位费什么时候退？", phone="13800000999")
    number = waiting(desk, "又淹了", AGAIN)

    page = signed_in("lin").get(f"{INBOX}?order={number}").text

    assert "疑似重复 1 件" in page
    assert "同一电话" in page
    assert earlier in page
    assert "13800000123" not in page


def test_a_telephone_that_many_write_from_says_nothing(desk, signed_in):
    for times in range(20):
        waiting(desk, f"第 {times} 件", "展会" * times + "什么时候开？")
    number = waiting(desk, "又淹了", AGAIN)

    page = signed_in("lin").get(f"{INBOX}?order={number}").text

    assert "疑似重复 0 件" in page
    assert "同一电话" not in page


def test_a_letter_without_a_telephone_has_no_caller(desk, signed_in):
    waiting(desk, "二号路积水", FIRST, phone="")
    number = waiting(desk, "又淹了", AGAIN, phone="")

    assert "同一电话" not in signed_in("lin").get(f"{INBOX}?order={number}").text
