"""The same form twice is one deed; another one a moment later is never dropped for it."""

import pytest

from monitor.storage import answers, casework, orders
from tests.web import casefile
from tests.web.casefile import as_person, events, seen

COPY = {"title": "补贴何时拨付", "letter": "来信问补贴。", "answer": "将于月底拨付。"}
NOTE = {"text": "财政已受理"}
CALL = {"way": "电话", "at": "2026-10-09T10:20", "outcome": "说明了进度"}


def copy(desk, number):
    with desk.reading(as_person(desk, "qian")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        return answers.copy_of(ctx.session, answers.latest(ctx.session, order.id).id)


def kept(desk, number) -> list[str]:
    """Every note and every contact of an order."""
    with desk.reading(as_person(desk, "lin")) as ctx:
        order = orders.get(ctx.session, ctx.person, number)
        notes = [one.text for one in casework.notes(ctx.session, order.id)]
        return notes + [one.outcome for one in casework.contacts(ctx.session, order.id)]


@pytest.mark.parametrize(
    ("make", "username", "move", "first", "second", "word"),
    [
        (
            casefile.in_review,
            "qian",
            "copy",
            COPY,
            {**COPY, "answer": "将于下月拨付。"},
            "将于下月",
        ),
        (casefile.in_hand, "li", "note", NOTE, {"text": "财政退了回来"}, "财政退了回来"),
        (casefile.in_hand, "li", "contact", CALL, {**CALL, "outcome": "没有接听"}, "没有接听"),
        (casefile.in_hand, "zhou", "assign", {"handler": "li"}, {"handler": "zhou"}, "zhou"),
    ],
)
@pytest.mark.parametrize("elsewhere", [{}, {"next": "/desk/review"}])
def test_another_form_from_the_same_page_is_told_and_kept(
    desk, act, make, username, move, first, second, word, elsewhere
):
    number = make(desk)
    looked_at = seen(desk, number)
    assert act(username, number, move, seen=looked_at, **first).status_code == 303
    before = events(desk, number)

    answer = act(username, number, move, seen=looked_at, **second, **elsewhere)

    assert answer.status_code == 409
    assert word in answer.text
    assert events(desk, number) == before


def test_another_form_from_a_fresh_page_goes_through_at_once(desk, act):
    reviewed, handled = casefile.in_review(desk), casefile.in_hand(desk)

    for words in (COPY, {**COPY, "answer": "将于下月拨付。"}):
        assert act("qian", reviewed, "copy", **words).status_code == 303
    for text in ("一", "二", "二"):
        assert act("li", handled, "note", text=text).status_code == 303
        assert act("li", handled, "contact", **{**CALL, "outcome": text}).status_code == 303

    assert copy(desk, reviewed).answer == "将于下月拨付。"
    assert sorted(kept(desk, handled)) == ["一", "一", "二", "二", "二", "二"]


@pytest.mark.parametrize(
    ("make", "username", "move", "words"),
    [
        (casefile.in_review, "qian", "copy", COPY),
        (casefile.in_hand, "li", "note", NOTE),
        (casefile.in_hand, "li", "contact", CALL),
        (casefile.to_release, "qian", "release", {}),
        (casefile.in_review, "qian", "sign_off", {"opinion": "同意"}),
        (casefile.in_review, "qian", "hand_back", {"findings": "写明日期"}),
    ],
)
def test_the_same_form_again_is_one_deed_whatever_came_between(
    desk, act, make, username, move, words
):
    number = make(desk)
    looked_at = seen(desk, number)
    assert act(username, number, move, seen=looked_at, **words).status_code == 303
    act("lin", number, "note", text="值班员插话")
    before = events(desk, number)

    again = act(username, number, move, seen=looked_at, **words)

    assert again.status_code == 303
    assert f"done={move}" in again.headers["location"]
    assert events(desk, number) == before


def test_the_same_words_of_another_person_are_not_his_double_click(desk, act):
    number = casefile.in_hand(desk)
    looked_at = seen(desk, number)
    act("li", number, "note", seen=looked_at, **NOTE)

    assert act("zhou", number, "note", seen=looked_at, **NOTE).status_code == 409


def test_the_history_shows_no_word_of_what_a_form_held(desk, act):
    number = casefile.in_hand(desk)

    act("li", number, "note", **NOTE)

    _, details = events(desk, number)[-1]
    assert len(details["form"]) == 32
    assert NOTE["text"] not in str(details)
