"""The menu of readers: trained and loaded together, and what is missing said aloud."""

import csv

import pytest

import classifiers
from classifiers import Words, words

KEY = b"a key of the tests, long enough"


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    classifiers.train(words.shipped_data() / "training" / "messages.csv", folder, KEY)
    return folder


def test_the_menu_stands_in_the_order_of_the_panel():
    assert [entry.code for entry in classifiers.READERS] == ["topic", "request_type", "urgency"]


def test_the_shipped_messages_teach_both_models(models_dir, rules):
    bundle = classifiers.load(models_dir, rules, KEY)

    (found,) = bundle.read_many(
        ["设备补贴什么时候到账\n我们公司的技改补贴公示过了，一直没有拨付，请问什么时候能到？"]
    )

    assert bundle.notices == ()
    assert list(found) == ["topic", "request_type", "urgency"]
    assert found["topic"].label == "funds"
    assert found["urgency"].label == "normal"
    assert {code: one.version for code, one in found.items()} == bundle.versions
    assert found["topic"].engine == bundle.engine


def test_both_models_share_one_vocabulary_and_so_one_look_up(models_dir, rules):
    models = classifiers.load(models_dir, rules, KEY).models

    assert models["topic"].features.digest == models["request_type"].features.digest


def test_a_bundle_says_what_its_readers_say(models_dir, rules):
    bundle = classifiers.load(models_dir, rules, KEY)
    messages = [f"标题{number}\n厂房租金太高，请问能不能减免？" for number in range(700)]

    found = bundle.read_many(messages)

    assert [row["topic"] for row in found] == bundle.models["topic"].read_many(messages)
    assert [row["urgency"] for row in found] == bundle.urgency.read_many(messages)


def test_a_changed_lexicon_is_told_and_the_models_read_as_they_learnt(models_dir, rules):
    message = "设备补贴什么时候到账\n我们公司的技改补贴公示过了，一直没有拨付，请问什么时候能到？"
    before = classifiers.load(models_dir, rules, KEY).read(message)
    other = Words.of(rules.urgency, (*rules.lexicon, "补贴公示"))

    bundle = classifiers.load(models_dir, other, KEY)

    assert [("词库已经改动" in notice) for notice in bundle.notices] == [True, True]
    assert bundle.read(message) == before


def test_missing_models_leave_the_rules_and_a_notice(tmp_path, rules):
    bundle = classifiers.load(tmp_path, rules, KEY)

    (found,) = bundle.read_many(["厂房起火了"])

    assert list(found) == ["urgency"]
    assert found["urgency"].label == "critical"
    assert [notice.split("”")[0] for notice in bundle.notices] == ["“主题", "“诉求类型"]


@pytest.mark.parametrize(
    ("key", "why"),
    [(b"some other key of another house", "不是本系统签名的"), (b"", "没有密钥")],
)
def test_a_foreign_model_is_left_out_with_a_notice(models_dir, rules, key, why):
    bundle = classifiers.load(models_dir, rules, key)

    assert bundle.models == {}
    assert [why in notice for notice in bundle.notices] == [True, True]


def test_nothing_at_all_to_load_still_reads(tmp_path):
    bundle = classifiers.load(tmp_path, Words.of({}, ()), KEY)

    assert bundle.read_many(["随便什么"]) == [{}]
    assert len(bundle.notices) == 3
    assert str(tmp_path) not in "".join(bundle.notices)


def test_training_again_gives_the_same_versions(models_dir, tmp_path, rules):
    again = classifiers.train(words.shipped_data() / "training" / "messages.csv", tmp_path, KEY)

    assert {code: model.version for code, model in again.items()} | {
        "urgency": classifiers.load(models_dir, rules, KEY).versions["urgency"]
    } == classifiers.load(models_dir, rules, KEY).versions


def test_a_table_without_its_columns_is_refused_by_name(tmp_path):
    path = tmp_path / "messages.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["title", "text"], ["一", "二"]])

    with pytest.raises(ValueError, match="缺少列：request_type、topic"):
        classifiers.train(path, tmp_path, KEY)
