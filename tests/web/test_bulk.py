"""Many orders at once: each done or named with its reason; twice sent is once done."""

import re

import pytest

from monitor.domain.vocabulary import State
from monitor.steps import dispatch
from monitor.tasks import bulk, durable
from tests.web import casefile
from tests.web.casefile import events, in_hand, look, sent
from tests.web.test_search import SEARCH, system_events
from tests.web.waiting import waiting

BULK = "/desk/bulk"


def picks(desk, *numbers: str) -> list[str]:
    """The ticked rows as the page shows them now."""
    return [f"{number}:{look(desk, number).version}" for number in numbers]


def done(desk, number: str, what: str = "sign") -> int:
    return [event for event, _ in events(desk, number)].count(what)


def report(browser, answer) -> str:
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(f"{BULK}/")
    return browser.get(answer.headers["location"]).text


@pytest.fixture
def queued(monkeypatch) -> list:
    """What was given to the background, which does not run here."""
    asked: list = []
    monkeypatch.setattr(durable, "enqueue_bulk", lambda desk, run: asked.append(run))
    return asked


def test_one_that_was_taken_meanwhile_is_named_with_reason_and_remedy(desk, signed_in):
    made = [sent(desk, title=f"第{place}件") for place in range(3)]
    zhou = signed_in("zhou")
    ticked = picks(desk, *made)
    casefile._do(desk, "li", made[1], lambda ctx, one: dispatch.sign(ctx, one, seen=one.version))

    answer = zhou.fill(BULK, SEARCH, deed="sign", pick=ticked, back=f"{SEARCH}?state=open")
    page = report(zhou, answer)

    assert [look(desk, one).state for one in made] == [State.IN_HAND] * 3
    assert [done(desk, one) for one in made] == [1, 1, 1]
    assert "共 3 件：办成 2 件，没有办成 1 件" in page
    assert "李" in page
    assert "改过这张工单" in page
    assert "不用再试" in page
    assert "件再签收一次" not in page
    assert f'href="{SEARCH}?state=open"' in page
    (event,) = system_events(desk, "bulk_finished")
    assert '"done":2' in event
    assert '"refused":1' in event


def test_the_rest_is_tried_again_from_the_report(desk, signed_in):
    number = in_hand(desk)
    zhou = signed_in("zhou")
    address = zhou.fill(BULK, SEARCH, deed="assign", pick=[f"{number}:1"], handler="li").headers[
        "location"
    ]
    page = zhou.get(address).text
    assert "这 1 件再交给承办人一次" in page
    again = page[page.index('name="token"') :]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', again[: again.index("</form>")]))
    fields["token"] = re.search(r'name="token" value="([^"]*)"', page)[1]

    page = report(zhou, zhou.fill(BULK, SEARCH, **fields))

    assert "办成 1 件，没有办成 0 件" in page
    assert "交给李" in page
    assert done(desk, number, "assign") == 1


def test_the_same_form_twice_acts_once(desk, signed_in):
    made = [sent(desk, title=f"第{place}件") for place in range(3)]
    zhou = signed_in("zhou")
    form = {"deed": "sign", "pick": picks(desk, *made)}

    first = zhou.fill(BULK, SEARCH, **form)
    second = zhou.fill(BULK, SEARCH, **form)

    assert first.headers["location"] == second.headers["location"]
    assert "办成 3 件，没有办成 0 件" in report(zhou, second)
    assert [done(desk, one) for one in made] == [1, 1, 1]
    assert len(system_events(desk, "bulk_finished")) == 1


def test_what_one_may_not_see_is_named_without_a_word_of_it(desk, signed_in):
    own = sent(desk)
    foreign = waiting(desk, "别人的机密标题", "还没有分办的内容。")
    zhou = signed_in("zhou")

    answer = zhou.fill(
        BULK, SEARCH, deed="sign", pick=[*picks(desk, own, foreign), "HY20200101-001:1"]
    )
    page = report(zhou, answer)

    assert "办成 1 件，没有办成 2 件" in page
    assert foreign in page
    assert "机密标题" not in page
    told = re.findall(r"没有找到工单 (HY[\d-]+)，或不属于您的科室", page)
    assert told == [foreign, "HY20200101-001"]
    assert "件再签收一次" not in page
    assert look(desk, foreign).state == State.TRIAGE
    assert signed_in("li").get(answer.headers["location"]).status_code == 404


@pytest.mark.parametrize(
    ("username", "form", "status"),
    [
        ("zhou", {"deed": "sign"}, 422),
        ("zhou", {"deed": "sign", "pick": ["nonsense"]}, 422),
        ("zhou", {"deed": "sign", "pick": ["HY20261009-001:x"]}, 422),
        ("zhou", {"deed": "sign", "pick": [f"HY20261009-{n:03d}:1" for n in range(1, 502)]}, 422),
        ("zhou", {"deed": "merge", "pick": ["HY20261009-001:1"]}, 422),
        ("zhou", {"deed": "archive", "pick": ["HY20261009-001:1"]}, 403),
        ("zhou", {"deed": "assign", "pick": ["HY20261009-001:1"], "handler": "zhao"}, 422),
        ("li", {"deed": "assign", "pick": ["HY20261009-001:1"], "handler": "li"}, 422),
        ("lin", {"deed": "sign", "pick": ["HY20261009-001:1"]}, 403),
    ],
)
def test_what_cannot_be_done_to_many_is_refused_before_the_first(
    desk, signed_in, username, form, status
):
    number = sent(desk)

    assert signed_in(username).fill(BULK, SEARCH, **form).status_code == status
    assert look(desk, number).state == State.AWAITING_SIGN


def test_many_go_on_by_themselves_or_a_piece_at_a_time(desk, signed_in, queued, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    made = [sent(desk, title=f"第{place}件") for place in range(7)]
    zhou = signed_in("zhou")

    answer = zhou.fill(BULK, SEARCH, deed="sign", pick=picks(desk, *made), back="//evil.example")
    address = answer.headers["location"]

    assert [str(run) for run in queued] == [address.rpartition("/")[2]]
    page = zhou.get(address).text
    assert "0 / 7" in page
    assert 'data-fragment="progress"' in page
    assert "evil" not in page
    for wanted in (3, 6):
        zhou.fill(f"{address}/resume", SEARCH)
        assert f"{wanted} / 7" in zhou.get(address).text
    assert "x-done" not in zhou.get(address, headers={"x-fragment": "progress"}).headers
    bulk.go_on(desk, queued[0])
    bulk.go_on(desk, queued[0])
    assert "办成 7 件，没有办成 0 件" in zhou.get(address).text
    assert zhou.get(address, headers={"x-fragment": "progress"}).headers["x-done"] == "1"
    assert [done(desk, one) for one in made] == [1] * 7


def test_who_is_gone_meanwhile_has_no_rights_any_more(desk, signed_in, queued, monkeypatch):
    from monitor.storage import people

    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    number = sent(desk)
    signed_in("zhou").fill(BULK, SEARCH, deed="sign", pick=picks(desk, number))
    with desk.writing() as ctx:
        person = people.by_username(ctx.session, "zhou")
        person.active = False
        ctx.session.add(person)

    bulk.go_on(desk, queued[0])

    assert look(desk, number).state == State.AWAITING_SIGN


def test_print_leads_to_one_page_for_all(desk, signed_in):
    made = [sent(desk, title=f"第{place}件") for place in range(2)]
    zhou = signed_in("zhou")

    answer = zhou.fill(BULK, SEARCH, deed="print", pick=picks(desk, *made))

    assert answer.headers["location"] == f"/desk/print?numbers={','.join(made)}"
    assert system_events(desk, "bulk_finished") == []


def test_the_bar_offers_what_the_person_may(desk, signed_in):
    sent(desk)
    for username, sign, assign in (
        ("zhou", True, True),
        ("li", True, False),
        ("lin", False, False),
    ):
        page = signed_in(username).get(SEARCH).text
        assert ('value="sign"' in page, 'value="assign"' in page) == (sign, assign), username
        assert page.count('name="pick"') == 1
        assert "checked" not in page[page.index('name="pick"') :].partition(">")[0]
    page = signed_in("zhou").get(SEARCH, params={"picked": "all"}).text
    assert "checked" in page[page.index('name="pick"') :].partition(">")[0]


def test_the_section_desk_has_the_same_bar(desk, signed_in):
    number = sent(desk)
    zhou = signed_in("zhou")

    page = zhou.get("/desk/section?tab=sign").text

    assert f'value="{number}:{look(desk, number).version}" form="bulk"' in page
    assert 'name="back" value="/desk/section?tab=sign"' in page
    answer = zhou.fill(BULK, "/desk/section", deed="sign", pick=picks(desk, number))
    assert "办成 1 件" in report(zhou, answer)


def test_the_report_asks_as_much_for_one_as_for_many(desk, signed_in, count_queries):
    zhou = signed_in("zhou")
    counts = []
    for many in (1, 3):
        made = [sent(desk, title=f"{many}第{place}件") for place in range(many)]
        address = zhou.fill(BULK, SEARCH, deed="sign", pick=picks(desk, *made)).headers["location"]
        with count_queries() as seen:
            assert zhou.get(address).status_code == 200
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts
