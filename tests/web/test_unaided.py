"""Readers without their models: the desk is told, told what to do, and given no hollow figure."""

import pytest

import classifiers
from classifiers import trained
from monitor.services import rulebook
from monitor.storage import orders
from tests.web import casefile
from tests.web.waiting import form, waiting

INBOX, FORM = "/desk/inbox", "/desk/register"
CALM = "想了解一下技改补贴的申报条件和所需的材料。"
TAUGHT = {
    "topic": ("funds", "factor"),
    "request_type": ("help", "complaint"),
    "urgency": ("normal", "urgent"),
    "section": ("funds", "factor"),
}
SAID = ("补贴公示后没有拨付到账，奖励款卡在财政", "厂房停电，变压器增容没人管")


@pytest.fixture(scope="module")
def learnt():
    """A model for each reader, of a few sentences."""
    texts = [f"{text}，第{place}次反映。" for place in range(12) for text in SAID]
    return {
        code: trained.fit(texts, list(labels) * 12, name=code) for code, labels in TAUGHT.items()
    }


@pytest.fixture
def models(desk, learnt):
    """Every reader has its model; gives where that of one lies."""
    for code, model in learnt.items():
        model.save(
            classifiers.model_path(desk.settings.models_dir, code), desk.keys.purpose("models")
        )
    return lambda code: classifiers.model_path(desk.settings.models_dir, code)


@pytest.mark.parametrize("page", [INBOX, FORM])
def test_the_desk_is_told_which_readers_lack_their_models_and_what_to_do(signed_in, page):
    told = signed_in("lin").get(page).text

    assert "自动建议不全：主题、诉求类型、紧急程度、主办科室没有可用的模型" in told
    assert "现在只按规则提示，请多看一眼正文。" in told
    assert "请告诉办公室，在“模型”页点“现在学一次”，学完即恢复。" in told


@pytest.mark.parametrize("page", [INBOX, FORM])
def test_nothing_is_said_while_every_reader_reads(signed_in, models, page):
    assert "自动建议不全" not in signed_in("lin").get(page).text


@pytest.mark.parametrize("page", [INBOX, FORM])
def test_a_damaged_model_is_named_and_the_others_are_not(signed_in, models, page):
    lin = signed_in("lin")
    lin.get(page)
    models("topic").write_bytes(b"damaged")

    told = lin.get(page).text

    assert "自动建议不全：主题没有可用的模型" in told
    assert "现在只按规则提示" not in told


def test_a_rule_of_urgency_that_is_written_wrong_is_told_to_the_desk(desk, signed_in, models):
    with desk.writing() as ctx:
        rulebook.current(ctx).words.urgency["rule"][0].pop("level")

    told = signed_in("lin").get(INBOX).text

    assert "紧急程度的规则写法有误" in told
    assert "在“规则”页改正紧急程度的规则" in told


@pytest.mark.parametrize("page", [INBOX, FORM])
def test_telling_it_asks_the_database_nothing(desk, signed_in, models, count_queries, page):
    lin = signed_in("lin")
    waiting(desk)
    lin.get(page)
    with count_queries() as aided:
        lin.get(page)
    models("urgency").unlink()
    lin.get(page)
    with count_queries() as unaided:
        lin.get(page)

    assert len(unaided) == len(aided)


@pytest.mark.parametrize("code", ["topic", "request_type"])
def test_what_a_silent_reader_leaves_open_is_chosen_on_the_panel(desk, signed_in, models, code):
    models(code).unlink()
    number = casefile.letter(desk, text="补贴公示后没有拨付到账，奖励款卡在财政。")
    lin = signed_in("lin")

    page = lin.get(INBOX).text

    assert "没有建议" in page
    assert "倾向funds<" not in page
    given = form(page, f"/desk/orders/{number}/dispatch")
    assert code not in given
    assert f'<select class="input" name="{code}" required>' in page
    chosen = {**given, code: TAUGHT[code][0], "section": "funds"}
    assert lin.post(f"/desk/orders/{number}/dispatch", data=chosen).status_code == 303
    assert casefile.look(desk, number).section == "funds"


def urgency_card(page: str) -> str:
    return page.partition('class="sug" aria-label="紧急程度"')[2].partition("</section>")[0]


def test_without_a_model_calm_is_suggested_without_a_figure(desk, signed_in):
    casefile.letter(desk, text=CALM)
    lin = signed_in("lin")

    for page in (lin.get(INBOX).text, lin.fill(f"{FORM}/suggest", FORM, text=CALM).text):
        card = urgency_card(page)
        assert "<b>一般</b>" in card
        assert "%" not in card
        assert "没有命中规则，把握不明，请看正文" in card


def test_with_its_model_calm_has_its_figure(desk, signed_in, models):
    casefile.letter(desk, text=CALM)
    lin = signed_in("lin")

    for page in (lin.get(INBOX).text, lin.fill(f"{FORM}/suggest", FORM, text=CALM).text):
        assert "%" in urgency_card(page)
        assert "把握不明" not in urgency_card(page)


def test_what_was_read_without_a_model_stays_without_a_figure(desk, signed_in, learnt, request):
    number = casefile.letter(desk, text=CALM)
    request.getfixturevalue("models")

    assert "%" not in urgency_card(signed_in("lin").get(INBOX).text)
    whole = signed_in("lin").get(f"/desk/orders/{number}").text
    assert "紧急程度：一般 没有命中规则，把握不明，请看正文" in whole


def test_a_rule_that_hit_is_shown_as_ever(desk, signed_in):
    waiting(desk, urgency="urgent")

    assert "规则命中" in urgency_card(signed_in("lin").get(INBOX).text)


@pytest.fixture
def pointed(desk):
    """A letter in triage with two counted points, one word of the first caused its topic."""
    text = "请教：一、技改补贴怎么申报；二、厂房租金能否缓交？"
    number = casefile.letter(desk, title="两件事", text=text)
    with desk.writing() as ctx:
        order = orders.get(ctx.session, casefile.as_person(desk, "lin"), number)
        seen = orders.last_reading(ctx.session, order.id)
        start = len("两件事\n") + text.index("补贴")
        evidence = [{"start": start, "end": start + 2, "text": "补贴"}]
        seen.findings = {
            **seen.findings,
            "topic": {"label": "funds", "confidence": 0.9, "rule": "", "evidence": evidence},
        }
        ctx.session.add(seen)
    return number


def test_in_triage_a_letter_with_points_shows_its_suggestions_as_well(signed_in, pointed):
    page = signed_in("lin").get(f"/desk/orders/{pointed}").text

    letter = page.partition('<div class="letter">')[2].partition("</div>")[0]
    assert '<mark class="m-evidence">补贴<sup>1</sup></mark>' in letter
    assert letter.count("<sup>A</sup>") == letter.count("<sup>B</sup>") == 1
    assert (
        letter.index("<sup>1</sup>") < letter.index("<sup>A</sup>") < letter.index("<sup>B</sup>")
    )
    assert "惠企资金兑现 90%" in page
    assert "没有命中规则，把握不明，请看正文" in page
    assert "数字标的是建议的依据，字母标的是要答的各项" in page
