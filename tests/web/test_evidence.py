"""The words that caused a suggestion are marked where they stand, in the title and the text."""

import pytest

from monitor.storage import orders
from tests.web import casefile
from tests.web.casefile import as_person

ABOUT = {"confidence": 0.9, "rule": ""}
MARK = '<mark class="m-evidence">{}<sup>{}</sup></mark>'


@pytest.fixture
def shown(desk, signed_in):
    """The order page of a letter whose reading leans on these words."""

    def show(title, text, **found):
        number = casefile.letter(desk, title=title, text=text)
        with desk.writing() as ctx:
            order = orders.get(ctx.session, as_person(desk, "lin"), number)
            reading = orders.last_reading(ctx.session, order.id)
            reading.findings = {
                code: {"label": label, "evidence": [span(*place) for place in places], **ABOUT}
                for code, (label, *places) in found.items()
            }
            ctx.session.add(reading)
        answer = signed_in("lin").get(f"/desk/orders/{number}")
        assert answer.status_code == 200
        return answer.text

    return show


def span(start, word):
    return {"start": start, "end": start + len(word), "text": word}


def test_words_are_marked_where_they_stand_and_nowhere_else(shown):
    page = shown("补贴", "一直没有拨款。<b>", topic=("funds", (7, "拨款"), (3, "不在这里")))

    assert f"一直没有{MARK.format('拨款', 1)}。&lt;b&gt;" in page
    assert "惠企资金兑现" in page
    assert page.count("m-evidence") == 1


def test_a_word_of_the_title_is_marked_there_and_where_it_stands_again(shown):
    page = shown("设备补贴", "补贴没有拨款，我的补贴呢", topic=("funds", (2, "补贴")))

    # In a heading the number is drawn beside the word and not read out with it.
    assert '设备<mark class="m-evidence" data-mark="1">补贴</mark>' in page
    assert f"{MARK.format('补贴', 1)}没有拨款" in page


def test_a_word_that_speaks_for_two_suggestions_bears_the_marks_of_both(shown):
    both = {"topic": ("project", (5, "验收")), "urgency": ("urgent", (3, "消防验收"))}

    page = shown("来信", "消防验收排不上", **both)

    assert f"{MARK.format('消防验收', '1·3')}排不上" in page
