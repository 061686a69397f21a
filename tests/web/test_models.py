"""模型: what reads and what is proposed is told; only the office decides; honest without models."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from classifiers import trained
from monitor.services.learning import choosing
from monitor.storage import history
from monitor.storage.learning import versions
from monitor.storage.learning.versions import LearnRun, ModelVersion

PAGE = "/desk/models"
TAUGHT = [
    ("补贴公示后没有拨付到账，奖励款卡在财政", "funds"),
    ("厂房停电，变压器增容没人管", "factor"),
]


@pytest.fixture
def proposed(desk):
    """A model that was learnt in the night and waits for the office."""
    texts = [f"{text}，第{place}次反映。" for place in range(12) for text, _ in TAUGHT]
    model = trained.fit(texts, [topic for _ in range(12) for _, topic in TAUGHT], name="topic")
    model.save(choosing.kept_path(desk.settings, model.version), desk.keys.purpose("models"))
    wrong = [{"row": "HY20261001-001", "truth": "funds", "guess": "factor", "confidence": 0.91}]
    judged = {"macro_f1": 0.92, "accuracy": 0.93, "wrong": wrong}
    row = ModelVersion(
        version=model.version, reader="topic", status="proposed", n=24, own=24, engine=model.engine,
        data_hash=model.data_hash, scores=model.scores,
        trained_at=datetime(2026, 10, 8, tzinfo=UTC),
        compared={"n": 40, "new": judged, "old": {"macro_f1": 0.81, "accuracy": 0.8}},
    )  # fmt: skip
    tried = [[f"HY20260901-{place:03d}", 0.97, ""] for place in range(300)]
    with desk.writing() as ctx:
        ctx.session.add(row)
        ctx.session.add(
            LearnRun(
                id=uuid4(), at=ctx.now, own=300, tried=[["HY20260901-999", 0.99, "科室"], *tried]
            )
        )
    return model.version


def test_an_office_without_models_is_told_so(signed_in):
    page = signed_in("qian").get(PAGE).text

    assert "没有可用的模型" in page
    assert "还没有可以回看的决定" in page


def test_a_proposal_is_laid_beside_the_model_in_force(signed_in, proposed):
    page = signed_in("sun").get(PAGE).text

    assert f"{PAGE}/{proposed}" in page
    assert "最新 40 件上" in page
    assert "81.0%" in page
    assert "启用</button>" not in page
    assert "301 / 301" in page
    assert "/desk/orders/HY20260901-999" in page


def test_one_model_tells_its_scores_and_its_errors(signed_in, proposed):
    page = signed_in("qian").get(f"{PAGE}/{proposed}").text

    for told in ("各类得分", "混淆表", "把握与实际", "惠企资金兑现", "/desk/orders/HY20261001-001"):
        assert told in page
    assert signed_in("qian").get(f"{PAGE}/topic-unheardof").status_code == 404


def test_the_office_puts_a_model_in_force(desk, signed_in, proposed):
    browser = signed_in("qian")

    assert browser.fill(f"{PAGE}/{proposed}/use", PAGE).status_code == 303

    assert f'在用：<a href="{PAGE}/{proposed}"' in browser.get(PAGE).text
    with desk.reading() as ctx:
        assert choosing.in_force(ctx, "topic").version == proposed
    assert browser.fill(f"{PAGE}/{proposed}/use", PAGE).status_code == 409


def test_not_taking_a_model_wants_a_reason(desk, signed_in, proposed):
    browser = signed_in("qian")

    assert browser.fill(f"{PAGE}/{proposed}/drop", PAGE).status_code == 422
    assert browser.fill(f"{PAGE}/{proposed}/drop", PAGE, reason="认错太多").status_code == 303

    assert "没有采用：认错太多" in browser.get(PAGE).text
    with desk.reading() as ctx:
        assert versions.waiting(ctx.session) == 0


@pytest.mark.parametrize("username", ["lin", "sun"])
def test_others_look_but_do_not_decide(signed_in, proposed, username):
    browser = signed_in(username)

    assert browser.get(PAGE).status_code == 200
    assert browser.fill(f"{PAGE}/{proposed}/use", "/desk/me").status_code == 403


def test_a_lesson_may_be_asked_for(desk, signed_in):
    row = {"name": "learn", "label": "从决定中学习", "position": 1, "plan": "每日 02:00"}
    with desk.writing() as ctx:
        history.put_down(ctx.session, row)

    assert signed_in("qian").fill(f"{PAGE}/learn", PAGE).status_code == 303

    with desk.reading() as ctx:
        assert history.asked_jobs(ctx.session) == ["learn"]
