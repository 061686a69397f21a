"""A model learnt from decided messages: what it says, how sure it is, and whom it trusts."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from classifiers import scores, seal, trained, words
from classifiers.teaching import knowledge
from classifiers.teaching.knowledge import Knowledge

KEY = b"a key of the tests, long enough"
REAL = Path(__file__).parents[3] / "shared" / "data" / "labelled_messages.xlsx"


def test_a_finding_names_label_probability_reasons_and_alternatives(model):
    message = "设备补贴\n我公司的设备补贴一直没有拨付，请问什么时候到账？"

    (found,) = model.read_many([message])

    assert (found.reader, found.label) == ("topic", "funds")
    assert found.confidence > 0.6
    assert [label for label, _ in found.alternatives] != []
    assert found.confidence + sum(share for _, share in found.alternatives) == pytest.approx(
        1, abs=1e-3
    )
    assert "拨付" in [reason.text for reason in found.evidence]
    assert (found.engine, found.version) == (words.engine(), model.version)


@pytest.mark.parametrize(
    "message",
    ["", "\n", "？？？", "\ud800\x00", "设\u200b备补贴　没有拨付", "ＡＢＣ\n\n\n", "长" * 20_000],
)
def test_any_text_is_read_and_reasons_stand_where_they_say(model, message):
    (found,) = model.read_many([message])

    assert found.label in model.labels
    assert 0 <= found.confidence <= 1
    assert all(message[one.start : one.end] == one.text for one in found.evidence)


def test_many_messages_read_as_each_would_alone(model, labelled):
    messages = [row[0] for row in labelled] * 5

    together = model.read_many(messages)

    for found, message in zip(together[:40], messages[:40], strict=True):
        alone = model.read_many([message])[0]
        assert (found.label, found.evidence) == (alone.label, alone.evidence)
        assert found.confidence == pytest.approx(alone.confidence, abs=1e-5)
    assert len(together) == len(messages) > 500


def test_the_same_data_gives_the_same_model(model, labelled):
    again = trained.fit([row[0] for row in labelled], [row[1] for row in labelled], name="topic")
    other = trained.fit([row[0] for row in labelled], [row[2] for row in labelled], name="topic")

    assert (again.version, again.data_hash) == (model.version, model.data_hash)
    assert (again.weights == model.weights).all()
    assert again.honesty == model.honesty
    assert other.version != model.version


def test_a_saved_model_reads_like_the_one_that_was_learnt(model, labelled, tmp_path):
    model.save(tmp_path / "topic.model", KEY)

    loaded = trained.load(tmp_path / "topic.model", KEY)

    messages = [row[0] for row in labelled]
    assert loaded.read_many(messages) == model.read_many(messages)
    assert loaded.scores == model.scores
    assert [path.name for path in tmp_path.iterdir()] == ["topic.model"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: content[:200] + bytes([content[200] ^ 1]) + content[201:],
        lambda content: b"",
        lambda content: b"\x80\x04cposix\nsystem\n(S'true'\ntR.",
        lambda content: content.replace(b"response-desk", b"foreign-desks"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused_before_it_is_read(model, tmp_path, spoil):
    path = tmp_path / "topic.model"
    model.save(path, KEY)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(seal.ModelRefused, match=r"topic\.model 已损坏或不是本系统签名的"):
        trained.load(path, KEY)


def test_a_file_under_another_key_or_a_missing_one_is_refused(model, tmp_path):
    model.save(tmp_path / "topic.model", KEY)

    with pytest.raises(seal.ModelRefused, match="不是本系统签名的"):
        trained.load(tmp_path / "topic.model", KEY[::-1])
    with pytest.raises(seal.ModelRefused, match="读不到模型文件"):
        trained.load(tmp_path / "none.model", KEY)


def test_a_model_of_another_engine_is_refused(model, tmp_path):
    model.save(tmp_path / "topic.model", KEY)
    about, arrays = seal.read(tmp_path / "topic.model", KEY)
    seal.write(tmp_path / "topic.model", KEY, {**about, "engine": "another 1.0"}, arrays)

    with pytest.raises(seal.ModelRefused, match="切词训练的"):
        trained.load(tmp_path / "topic.model", KEY)


def test_a_model_that_learnt_in_an_older_way_is_refused(model, tmp_path):
    model.save(tmp_path / "topic.model", KEY)
    about, arrays = seal.read(tmp_path / "topic.model", KEY)
    del about["recipe"]
    seal.write(tmp_path / "topic.model", KEY, about, arrays)

    with pytest.raises(seal.ModelRefused, match="旧版本学的"):
        trained.load(tmp_path / "topic.model", KEY)


def test_cross_validation_scores_messages_that_were_held_back(labelled):
    found = trained.cross_validate([row[0] for row in labelled], [row[2] for row in labelled], 4)

    assert found["n"] == len(labelled)
    assert found["cv_macro_f1"] > 0.9
    assert set(found["per_class"]) == {"consult", "complaint", "help"}


def test_evaluation_has_the_figures_of_the_command(model, labelled):
    found = trained.evaluate(model, [row[0] for row in labelled], [row[1] for row in labelled])

    assert set(found) == {
        "n", "accuracy", "macro_f1", "top2", "per_class", "confusion", "reliability", "automatic",
    }  # fmt: skip
    assert found["top2"] >= found["accuracy"]
    assert [(step["target"], step["threshold"]) for step in found["automatic"]] == [
        (step["target"], step["threshold"]) for step in model.scores["automatic"]
    ]


def test_a_model_brings_all_that_a_person_needs_to_judge_it(labelled):
    messages, labels = [row[0] for row in labelled], [row[1] for row in labelled]
    twice = [*messages, messages[0].replace("，", " ")]
    decided = [*labels, "talent"]
    rows = [f"row {number}" for number in range(len(twice))]

    found = trained.fit(twice, decided, name="topic", ids=rows).scores

    counted = [sum(row) for row in found["confusion"]["rows"]]
    assert counted == [decided.count(label) for label in found["confusion"]["labels"]]
    bins = found["reliability"]["bins"]
    assert sum(one["n"] for one in bins) == len(twice)
    assert found["contradictions"] == [
        {"rows": ["row 0", "row 144"], "labels": ["funds", "talent"]}
    ]
    missed = {one["row"] for one in found["wrong"]}
    assert "row 144" in missed
    assert len(missed) == len(twice) - round(found["cv_accuracy"] * len(twice))


def test_a_threshold_is_chosen_with_doubt_and_equal_confidences_stand_together():
    truth = ["a"] * 60 + ["b"] * 20 + ["a"] * 20
    guess = ["a"] * 60 + ["b"] * 10 + ["a"] * 30
    sure = [0.99] * 40 + [0.9] * 30 + [0.3] * 30

    first, *_ = scores.thresholds(truth, guess, sure)
    hopeless, *_ = scores.thresholds(["a"] * 3, ["a"] * 3, [0.9] * 3)
    reached, *_ = scores.automatic(["a", "a", "b"], ["a", "b", "b"], [0.95, 0.9, 0.2], [first])

    assert (first["threshold"], first["coverage"], first["precision"]) == (0.9, 0.7, 1.0)
    assert (hopeless["threshold"], hopeless["coverage"], hopeless["precision"]) == (None, 0.0, None)
    assert (reached["threshold"], reached["coverage"], reached["precision"]) == (0.9, 0.6667, 0.5)


@pytest.mark.parametrize(
    ("sure", "wrong", "kept"),
    [(0.99, 0, [0.9, 0.95, 0.98]), (0.99, 3, [0.9, 0.95]), (0.97, 0, [0.9, 0.95]), (0.99, 15, [])],
)
def test_a_threshold_needs_few_errors_met_and_few_foretold(sure, wrong, kept):
    guess = ["b"] * wrong + ["a"] * (100 - wrong)

    found = scores.thresholds(["a"] * 100, guess, [sure] * 100)

    assert [one["target"] for one in found if one["threshold"] is not None] == kept


def test_reliability_agrees_with_a_reckoning_by_hand():
    found = scores.reliability(["a", "a", "b", "b"], ["a", "b", "b", "b"], [0.95, 0.91, 0.3, 1.0])

    assert found["bins"][9] == {
        "from": 0.9, "to": 1.0, "n": 3, "confidence": 0.9533, "accuracy": 0.6667,
    }  # fmt: skip
    assert found["bins"][0]["accuracy"] is None
    assert found["ece"] == pytest.approx((abs(2.86 - 2) + abs(0.3 - 1)) / 4, abs=1e-4)


def test_scores_agree_with_a_reckoning_by_hand():
    found = scores.report(["a", "a", "b", "c"], ["a", "b", "b", "b"])

    assert found["accuracy"] == 0.5
    assert found["per_class"]["a"] == {"n": 2, "precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert found["per_class"]["b"] == {"n": 1, "precision": 0.3333, "recall": 1.0, "f1": 0.5}
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1 / 2 + 0) / 3, abs=1e-3)


@pytest.mark.parametrize(
    ("messages", "labels"), [([], []), (["一", "二"], ["a", "a"]), (["一"], ["a", "b"])]
)
def test_data_that_cannot_teach_is_refused_with_a_sentence(messages, labels):
    with pytest.raises(ValueError, match="训练数据"):
        trained.fit(messages, labels, name="topic")


def test_a_label_met_once_does_not_stop_the_learning(labelled):
    messages = [*(row[0] for row in labelled), "展位费\n参加展会的展位费能补贴吗"]
    labels = [*(row[1] for row in labelled), "exhibition"]

    learnt = trained.fit(messages, labels, name="topic")

    assert "exhibition" in learnt.labels


@pytest.mark.skipif(not REAL.is_file(), reason="the real labelled messages are not on this machine")
def test_real_messages_of_seven_classes_are_told_apart():
    header, *rows = CalamineWorkbook.from_path(REAL).get_sheet_by_index(0).to_python()
    title, text, label = (header.index(name) for name in ("留言主题", "留言详情", "一级分类"))
    decided = [row[label] for row in rows]

    found = trained.cross_validate(
        [f"{row[title]}\n{row[text]}" for row in rows],
        decided,
        beside=Knowledge(knowledge.of_labels(decided)),
    )

    assert found["cv_macro_f1"] > 0.84
