"""The second level of the topic at the desk: shown with its words, taken with one key, learnt."""

import json

import pytest

import classifiers
from classifiers import trained
from classifiers.prepared import prepare
from classifiers.teaching.studying import Study
from monitor.domain.letters import Incoming
from monitor.domain.vocabulary import Channel, Via
from monitor.services.learning import examples
from monitor.steps import intake
from monitor.storage import history, orders
from tests.web.casefile import look
from tests.web.waiting import form, waiting

INBOX, FORM = "/desk/inbox", "/desk/register"
ARREARS = "技改补贴公示以后一直没有到账"
MATTERS = {
    ("funds", "funds.arrears", "funds"): ARREARS,
    ("funds", "funds.progress", "funds"): "技改补贴申报材料审到哪一步了",
    ("factor", "factor.plant", "factor"): "标准厂房屋顶漏水没人修理",
    ("factor", "factor.utility", "factor"): "车间变压器跳闸停电",
}


@pytest.fixture(scope="module")
def learnt():
    """Small models for topic, type and section; that of the topic knows its second level."""
    firms = [
        f"{name}厂" for name in ("轴承", "灯具", "茶叶", "纸箱", "门窗", "玩具", "电池", "服装")
    ]
    rows = [
        (f"\n我们是{firm}，{matter}，{wish}", *labels, kind)
        for labels, matter in MATTERS.items()
        for firm in firms
        for kind, wish in (("help", "请帮我们协调解决。"), ("consult", "请问怎么办？"))
    ]
    study = Study(prepare([row[0] for row in rows]))
    topic, below, section, kind = zip(*(row[1:] for row in rows), strict=True)
    return {
        "topic": trained.fit_study(study, topic, name="topic", beneath=below),
        "section": trained.fit_study(study, section, name="section"),
        "request_type": trained.fit_study(study, kind, name="request_type", by_ending=True),
    }


@pytest.fixture
def models(desk, learnt):
    for code, model in learnt.items():
        model.save(
            classifiers.model_path(desk.settings.models_dir, code), desk.keys.purpose("models")
        )


@pytest.fixture
def number(desk, models):
    """A letter about money that does not arrive."""
    with desk.writing() as ctx:
        letter = Incoming(
            Channel.MAILBOX,
            Via.LETTER_FORM,
            f"我们是木器厂，{ARREARS}，请帮我们协调解决。",
            ctx.now,
        )
        return intake.receive_one(ctx, letter).number


def test_the_panel_shows_both_levels_with_their_words(signed_in, number):
    page = signed_in("lin").get(INBOX).text

    assert "惠企资金兑现 / 资金拖欠" in page
    assert '<mark class="m-evidence">公示<sup>1</sup></mark>' in page


def test_one_key_decides_both_levels(desk, clock, signed_in, number):
    lin = signed_in("lin")
    given = form(lin.get(INBOX).text, f"/desk/orders/{number}/dispatch")

    lin.post(f"/desk/orders/{number}/dispatch", data=given)

    assert look(desk, number).topic == "funds.arrears"
    clock.wait(minutes=1)
    with desk.reading() as ctx:
        [example] = examples.of_office(ctx, 10)
        assert (example.topic, example.subtopic) == ("funds", "funds.arrears")


def test_another_branch_is_put_in_place_by_a_link(desk, signed_in, number):
    lin = signed_in("lin")
    page = lin.get(f"{INBOX}?order={number}&set_topic=funds.progress").text
    given = form(page, f"/desk/orders/{number}/dispatch")

    assert "惠企资金兑现 / 审核进度" in page
    assert "恢复惠企资金兑现 / 资金拖欠" in page
    lin.post(f"/desk/orders/{number}/dispatch", data=given)
    assert look(desk, number).topic == "funds.progress"


def test_the_order_page_explains_the_second_level(signed_in, number):
    page = signed_in("lin").get(f"/desk/orders/{number}").text

    assert "惠企资金兑现 / 资金拖欠" in page
    assert '<mark class="m-evidence">公示<sup>1</sup></mark>' in page


def test_a_call_is_suggested_both_levels_while_it_is_taken_down(signed_in, models):
    text = f"我们是木器厂，{ARREARS}，请帮我们协调解决。"

    page = signed_in("lin").fill(f"{FORM}/suggest", FORM, text=text, title="")

    assert "惠企资金兑现 / 资金拖欠" in page.text


def test_a_decision_of_the_first_level_alone_does_not_teach_the_second(
    desk, clock, signed_in, number
):
    lin = signed_in("lin")
    given = form(lin.get(INBOX).text, f"/desk/orders/{number}/dispatch")

    lin.post(f"/desk/orders/{number}/dispatch", data={**given, "topic": "funds"})

    clock.wait(minutes=1)
    with desk.reading() as ctx:
        [example] = examples.of_office(ctx, 10)
        assert (example.topic, example.subtopic) == ("funds", "")


def test_a_suggested_branch_that_was_cut_since_is_decided_as_its_topic(desk, signed_in):
    number = waiting(desk, topic="funds.lost")
    lin = signed_in("lin")
    page = lin.get(INBOX).text

    lin.post(f"/desk/orders/{number}/dispatch", data=form(page, f"/desk/orders/{number}/dispatch"))

    assert "funds.lost" not in page
    assert "已改选" not in page
    assert look(desk, number).topic == "funds"
    with desk.reading() as ctx:
        story = history.of_order(ctx.session, look(desk, number).id)
        [sent] = [event for event in story if event.what == "dispatch"]
        assert json.loads(sent.details)["as_suggested"]


def test_a_letter_without_a_title_is_explained_as_it_was_read(desk, signed_in, models):
    text = f"{ARREARS}，我们是木器厂，请帮我们协调解决，盼望早日答复为感谢。"
    with desk.writing() as ctx:
        letter = Incoming(Channel.MAILBOX, Via.LETTER_FORM, text, ctx.now)
        number = intake.receive_one(ctx, letter).number

    page = signed_in("lin").get(f"/desk/orders/{number}").text

    assert '<mark class="m-evidence">公示<sup>1</sup></mark>' in page


def test_the_page_of_the_model_tells_how_right_the_second_level_is(signed_in, models, learnt):
    qian = signed_in("qian")

    page = qian.get(f"/desk/models/{learnt['topic'].version}").text

    assert "一级认对时，二级认得如何" in page
    assert "由 64 件定了二级的来件学得，正确率 100.0%" in page
    assert "惠企资金兑现　32 件，认对 100%" in page
    assert "二级在一级认对时正确率 100.0%" in qian.get("/desk/models").text
    other = qian.get(f"/desk/models/{learnt['section'].version}").text
    assert "一级认对时" not in other


@pytest.fixture
def second(desk, models):
    """One of two letters that came together: the words that models lean on are left untold."""
    text = f"我们是木器厂，{ARREARS}，请帮我们协调解决。"
    with desk.writing() as ctx:
        letters = [
            Incoming(Channel.MAILBOX, Via.LETTER_FORM, text, ctx.now, upstream_no=f"来件{place}")
            for place in range(2)
        ]
        return intake.receive(ctx, letters)[1].number


def test_words_left_untold_while_many_were_read_are_told_on_the_page(desk, signed_in, second):
    with desk.reading() as ctx:
        stored = orders.last_reading(ctx.session, look(desk, second).id).findings["topic"]
        assert stored["untold"]
        assert stored["evidence"] == []

    page = signed_in("lin").get(f"{INBOX}?order={second}").text

    assert '<mark class="m-evidence">公示<sup>1</sup></mark>' in page
    assert "“公示”" in page


@pytest.mark.parametrize("agrees", [True, False])
def test_another_model_tells_what_was_left_untold_only_if_it_says_the_same(
    desk, signed_in, second, learnt, agrees
):
    rows = [f"{matter}，第{place}次反映。" for place in range(12) for matter in MATTERS.values()]
    topics = [topic for _ in range(12) for topic, _, _ in MATTERS]
    trained.fit(rows, topics if agrees else topics[::-1], name="topic").save(
        classifiers.model_path(desk.settings.models_dir, "topic"), desk.keys.purpose("models")
    )

    page = signed_in("lin").get(f"{INBOX}?order={second}").text

    assert "惠企资金兑现 / 资金拖欠" in page
    assert ("<sup>1</sup>" in page) is agrees
