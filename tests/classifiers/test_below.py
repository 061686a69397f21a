"""The second level of the topic: below the first, as sure as both, with words that can be tried."""

from dataclasses import replace

import pytest

from classifiers import Bundle, seal, trained
from classifiers.prepared import prepare
from classifiers.teaching.branching import FEWEST
from classifiers.teaching.knowledge import Knowledge
from classifiers.teaching.studying import Study

KEY = b"a key for tests only"
BELOW = {
    "funds": {
        "funds.arrears": "补贴公示以后一直没有到账",
        "funds.progress": "补贴申报材料审到哪一步了",
    },
    "factor": {
        "factor.plant": "标准厂房屋顶漏水没人修理",
        "factor.utility": "车间变压器跳闸停电",
    },
}
FIRMS = ["轴承厂", "灯具厂", "茶叶厂", "纸箱厂", "门窗厂", "玩具厂", "电池厂", "服装厂"]


def decided(below=BELOW, firms=FIRMS):
    """(message, topic, second level) of so many firms with so many matters."""
    return [
        (f"反映问题\n我们是{firm}，{matter}，请{firm}所在园区答复。", topic, code)
        for topic, matters in below.items()
        for code, matter in matters.items()
        for firm in firms
        for _ in range(2)
    ]


def learn(rows, *, beneath=True, hints=()):
    study = Study(prepare([row[0] for row in rows]), Knowledge(tuple(hints)))
    lower = [row[2] for row in rows] if beneath else ()
    return trained.fit_study(study, [row[1] for row in rows], name="topic", beneath=lower)


@pytest.fixture(scope="module")
def taught():
    return learn(decided())


def read(model, *messages):
    return Bundle({"topic": model}, None, "").read_many(messages)


def test_what_lies_below_is_read_within_the_topic_and_is_no_surer(taught):
    for message, topic, code in decided():
        (found,) = read(taught, message)

        assert found["topic"].label == topic
        assert found["subtopic"].label == code
        assert 0 < found["subtopic"].confidence <= found["topic"].confidence
        assert {other.split(".")[0] for other, _ in found["subtopic"].alternatives} == {topic}


def test_many_at_once_are_read_as_each_would_be(taught):
    messages = ["", "\n", "漏水\n厂房", *(row[0] for row in decided())]

    together = read(taught, *messages)

    for message, found in zip(messages, together, strict=True):
        (alone,) = read(taught, message)
        assert alone["subtopic"].label == found["subtopic"].label
        assert alone["subtopic"].confidence == pytest.approx(found["subtopic"].confidence, abs=1e-6)


def test_the_second_level_is_less_sure_without_the_words_that_are_named(taught):
    bundle = Bundle({"topic": taught}, None, "")
    named = 0
    for message, _, code in decided():
        before = bundle.read(message)["subtopic"]
        spans = bundle.words_below(message, code, before.version)
        named += bool(spans)
        assert all(message[start:end] == word for start, end, word in spans)
        left = message
        for _, _, word in spans:
            left = left.replace(word, "")
        after = bundle.read(left)["subtopic"]
        shares = {after.label: after.confidence, **dict(after.alternatives)}
        assert not spans or shares.get(code, 0.0) < before.confidence
    assert named == len(decided())


def test_what_another_version_has_said_is_not_explained(taught):
    bundle = Bundle({"topic": taught}, None, "")

    assert bundle.words_below(decided()[0][0], "funds.arrears", "topic-of-last-year") == ()


def test_a_topic_that_was_taught_no_second_level_has_none():
    rows = [(text, topic, "" if topic == "factor" else code) for text, topic, code in decided()]

    found = read(learn(rows), decided(firms=FIRMS[:1])[-1][0])[0]

    assert found["topic"].label == "factor"
    assert "subtopic" not in found


def test_messages_without_a_second_level_teach_only_the_first():
    rows = decided()
    some = [
        (text, topic, code if place % 4 else "") for place, (text, topic, code) in enumerate(rows)
    ]

    model = learn(some)

    assert model.scores["n"] == len(rows)
    assert model.scores["below"]["n"] == len(rows) * 3 // 4


def test_that_no_branch_fits_is_a_label_once_enough_messages_say_so():
    rows = decided()
    none = [(f"其他\n我们是{firm}，补贴政策的宣传册送一本来。", "funds", "funds") for firm in FIRMS]

    few, many = learn(rows + none), learn(rows + none * (FEWEST // len(none) + 1))

    assert "funds" not in few.below.branches["funds"].labels
    assert read(many, none[0][0])[0]["subtopic"].label == "funds"


def test_too_few_messages_below_every_topic_teach_no_second_level():
    rows = decided(firms=FIRMS[:2])

    model = learn(rows)

    assert model.below is None
    assert "below" not in model.scores
    assert model.version == learn(rows, beneath=False).version


def test_the_names_of_branches_teach_where_few_messages_do():
    message = "\n厂房污水管网排放"
    hints = [("factor.utility", "污水管网排放")]

    assert read(learn(decided()), message)[0]["subtopic"].label == "factor.plant"
    assert read(learn(decided(), hints=hints), message)[0]["subtopic"].label == "factor.utility"


def test_a_saved_model_reads_both_levels_like_the_one_that_was_learnt(taught, tmp_path):
    taught.save(tmp_path / "topic.model", KEY)

    loaded = trained.load(tmp_path / "topic.model", KEY)

    messages = [row[0] for row in decided()]
    assert read(loaded, *messages) == read(taught, *messages)
    assert loaded.scores == taught.scores


def test_a_model_from_before_reads_the_first_level_alone(taught, tmp_path):
    path = tmp_path / "topic.model"
    taught.save(path, KEY)
    about, arrays = seal.read(path, KEY)
    del about["below"]
    seal.write(path, KEY, about, arrays)

    (found,) = read(trained.load(path, KEY), decided()[0][0])

    assert list(found) == ["topic"]


def test_the_second_level_is_part_of_what_a_version_stands_for(taught):
    rows = decided()
    other = [(text, topic, code.replace("plant", "land")) for text, topic, code in rows]

    assert learn(rows).version == taught.version
    assert learn(other).version != taught.version
    assert learn(rows, beneath=False).version != taught.version


def test_scores_of_the_second_level_are_of_unseen_messages_within_the_right_topic(taught):
    scores = taught.scores["below"]

    assert scores["n"] == len(decided())
    assert scores["cv_accuracy"] == 1.0
    labels, rows = scores["confusion"]["labels"], scores["confusion"]["rows"]
    assert set(labels) == {code for matters in BELOW.values() for code in matters}
    assert sum(map(sum, rows)) == len(decided())


def test_branches_of_one_vocabulary_go_on_side_by_side(taught):
    placed = trained.side_by_side({"topic": taught, "other": replace(taught, name="other")})

    assert read(placed["topic"], decided()[0][0]) == read(taught, decided()[0][0])


@pytest.mark.parametrize("gone", ["below_lines", "below_weights", "below_intercept"])
def test_a_file_whose_branches_lack_a_part_is_refused(taught, tmp_path, gone):
    path = tmp_path / "topic.model"
    taught.save(path, KEY)
    about, arrays = seal.read(path, KEY)
    del arrays[gone]
    seal.write(path, KEY, about, arrays)

    with pytest.raises(seal.ModelRefused, match="二级不合格式"):
        trained.load(path, KEY)


def test_that_none_fits_is_not_taught_by_the_names_of_what_lies_below():
    none = [(f"其他\n我们是{firm}，宣传册送一本来。", "funds", "funds") for firm in FIRMS]
    rows = decided() + none * (FEWEST // len(none) + 1)
    hints = [("funds", "补贴公示到账"), ("funds", "申报材料审核")] * 400

    model = learn(rows, hints=hints)

    for message, _, code in decided():
        assert read(model, message)[0]["subtopic"].label == code
