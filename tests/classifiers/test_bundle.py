"""The menu of readers: trained and loaded together, and what is missing said aloud."""

import csv

import pytest

import classifiers
from classifiers import Words, trained, words
from classifiers.teaching import primer
from monitor.services import rulebook
from tests.founding import lay_models

KEY = b"a key of the tests, long enough"
ALL = ["topic", "request_type", "urgency", "section"]


@pytest.fixture(scope="module")
def models_dir(learnt, tmp_path_factory):
    """The first models of an office, sealed with a key of our own."""
    folder = tmp_path_factory.mktemp("models")
    lay_models(learnt, folder, KEY)
    return folder


def test_the_menu_stands_in_the_order_of_the_panel():
    assert [entry.code for entry in classifiers.READERS] == ALL


def test_the_shipped_messages_teach_every_reader(models_dir, rules):
    bundle = classifiers.load(models_dir, rules, KEY)

    (found,) = bundle.read_many(
        ["设备补贴什么时候到账\n我们公司的技改补贴公示过了，一直没有拨付，请问什么时候能到？"]
    )

    assert bundle.notices == ()
    assert list(found) == [*ALL, "subtopic"]
    assert found["topic"].label == "funds"
    assert found["urgency"].label == "normal"
    assert found["section"].label == "funds"
    assert found["subtopic"].version == found["topic"].version
    told = {code: found[code].version for code in ALL}
    assert told | {"urgency_rules": bundle.urgency.version} == bundle.versions
    assert found["topic"].engine == bundle.engine


def test_all_models_share_one_vocabulary_and_so_one_look_up(models_dir, rules):
    models = classifiers.load(models_dir, rules, KEY).models

    assert len({model.features.digest for model in models.values()}) == 1


def test_models_side_by_side_say_and_save_what_each_would_alone(models_dir, rules, tmp_path):
    messages = ["厂房租金\n租金太高，请问能不能减免？", "谢谢\n帮了大忙，特此致谢。"]

    for code, model in classifiers.load(models_dir, rules, KEY).models.items():
        alone = trained.load(classifiers.model_path(models_dir, code), KEY)
        model.save(tmp_path / f"{code}.model", KEY)
        again = trained.load(tmp_path / f"{code}.model", KEY)

        assert model.read_many(messages) == alone.read_many(messages)
        assert again.read_many(messages) == alone.read_many(messages)


def test_a_rule_of_urgency_beats_the_model_and_a_denial_is_believed(models_dir, rules):
    bundle = classifiers.load(models_dir, rules, KEY)
    texts = [
        "三楼仓库起火了，还有人没出来",
        "后墙往里鼓了一个大包，砖缝在掉灰，宿舍里还睡着二十个人",
        "去年仓库失火之后，保险一直没有赔，想问怎么申请复核",
    ]

    said = [bundle.read(text)["urgency"] for text in texts]

    assert said[0].label == "critical"
    assert said[0].rule
    assert said[1].label in {"critical", "urgent"}
    assert said[2].label == "normal"


def test_a_bundle_says_what_its_readers_say(models_dir, rules):
    bundle = classifiers.load(models_dir, rules, KEY)
    messages = [f"标题{number}\n厂房租金太高，请问能不能减免？" for number in range(700)]

    found = bundle.read_many(messages, told=True)

    assert [row["topic"] for row in found] == bundle.models["topic"].read_many(messages)
    model = bundle.models["urgency"].read_many(messages)
    assert [row["urgency"] for row in found] == bundle.urgency.read_many(messages, model)


def test_a_changed_lexicon_is_told_and_the_models_read_as_they_learnt(models_dir, rules):
    message = "设备补贴什么时候到账\n我们公司的技改补贴公示过了，一直没有拨付，请问什么时候能到？"
    before = classifiers.load(models_dir, rules, KEY).read(message)
    other = Words.of(rules.urgency, (*rules.lexicon, "补贴公示"))

    bundle = classifiers.load(models_dir, other, KEY)

    assert [("词库已经改动" in notice) for notice in bundle.notices] == [True] * 4
    assert bundle.read(message) == before


def test_missing_models_leave_the_rules_and_a_notice(tmp_path, rules):
    bundle = classifiers.load(tmp_path, rules, KEY)

    (found,) = bundle.read_many(["厂房起火了"])

    assert list(found) == ["urgency"]
    assert found["urgency"].label == "critical"
    assert [notice.split("”")[0] for notice in bundle.notices] == [
        "“主题", "“诉求类型", "“紧急程度", "“主办科室",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "why"),
    [(b"some other key of another house", "不是本系统签名的"), (b"", "没有密钥")],
)
def test_a_foreign_model_is_left_out_with_a_notice(models_dir, rules, key, why):
    bundle = classifiers.load(models_dir, rules, key)

    assert bundle.models == {}
    assert [why in notice for notice in bundle.notices] == [True] * 4


def test_nothing_at_all_to_load_still_reads(tmp_path):
    bundle = classifiers.load(tmp_path, Words.of({}, ()), KEY)

    assert bundle.read_many(["随便什么"]) == [{}]
    assert len(bundle.notices) == 5
    assert str(tmp_path) not in "".join(bundle.notices)


def test_training_again_gives_the_same_versions(tmp_path):
    shipped = words.shipped_data() / "training" / "messages.csv"
    with shipped.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    some = tmp_path / "messages.csv"
    with some.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows[::8]])

    once, again = (primer.train(some, tmp_path / folder, KEY) for folder in "ab")

    assert {code: model.version for code, model in once.items()} == {
        code: model.version for code, model in again.items()
    }


def test_a_table_without_its_columns_is_refused_by_name(tmp_path):
    path = tmp_path / "messages.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["title", "text"], ["一", "二"]])

    with pytest.raises(ValueError, match="缺少列：request_type、section、topic、urgency"):
        primer.train(path, tmp_path, KEY)


def held_out():
    """Messages that nobody taught, title and text joined, and the first clause of each alone."""
    for part in ("held_out.csv", "held_out_second.csv", "held_out_third.csv"):
        path = words.shipped_data() / "training" / part
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield f"{row['title']}\n{row['text']}"
                yield row["text"].split("，")[0]


def without_words(message, finding):
    for word in dict.fromkeys(one.text for one in finding.evidence):
        message = message.replace(word, "")
    return message


def without_places(message, finding):
    gone = {place for one in finding.evidence for place in range(one.start, one.end)}
    return "".join(sign for place, sign in enumerate(message) if place not in gone)


@pytest.fixture(scope="module")
def suggested(models_dir):
    """The readers that we ship, and what they say of each message that nobody taught."""
    rules = rulebook.from_files(words.shipped_data()).words
    bundle = classifiers.load(models_dir, rules, KEY)
    messages = list(held_out())
    return bundle, list(zip(messages, bundle.read_many(messages, told=True), strict=True))


@pytest.mark.parametrize("taken_from", [without_words, without_places])
@pytest.mark.parametrize("code", ALL)
def test_every_suggestion_is_less_sure_without_the_words_it_shows(suggested, taken_from, code):
    bundle, found = suggested
    shown = [
        (message, one[code]) for message, one in found if one[code].evidence and not one[code].rule
    ]

    again = bundle.read_many([taken_from(message, finding) for message, finding in shown])

    assert len(shown) > 500
    for (message, before), found in zip(shown, again, strict=True):
        after = found[code]
        # What a rule says is certain.
        sure = 1.0 if after.confidence is None else after.confidence
        left = {after.label: sure, **dict(after.alternatives)}
        assert left.get(before.label, 0.0) < before.confidence, message
        assert all(message[one.start : one.end] == one.text for one in before.evidence)


def test_of_many_the_same_is_said_but_only_the_words_of_rules_are_told(suggested):
    bundle, found = suggested

    said = bundle.read_many([message for message, _ in found])

    for (_, whole), many in zip(found, said, strict=True):
        for code in ALL:
            by_rule = whole[code].engine == "rules"
            bare = whole[code] if by_rule else whole[code]._replace(spans=(), untold=True)
            assert not whole[code].untold
            assert many[code] == bare


def test_a_word_repeated_for_pages_is_not_named_at_every_place(models_dir, rules):
    bundle = classifiers.load(models_dir, rules, KEY)

    found = bundle.read("标题\n" + "补贴" * 5000)

    assert all(len(finding.spans) <= 40 for finding in found.values())


def test_no_share_is_below_nothing_or_above_certainty(models_dir, rules):
    bundle = classifiers.load(models_dir, rules, KEY)

    for finding in (
        bundle.read("底下，撤，接，明早")["urgency"],
        bundle.read("救命，快，断了")["urgency"],
    ):
        shares = [finding.confidence or 0.0, *dict(finding.alternatives).values()]
        assert all(0 <= share <= 1 for share in shares)


def test_an_alarm_without_a_rule_names_words_of_the_text(models_dir, rules):
    wary = classifiers.Words.of({**rules.urgency, "learnt_from": 0.05}, rules.lexicon)
    bundle = classifiers.load(models_dir, wary, KEY)
    messages = [
        f"{who}说{what}，请派人来看看。"
        for who in ("值班的师傅", "楼下的邻居", "我们厂长")
        for what in ("墙在往外鼓", "孩子们都吓哭了", "机器一停整批就要报废", "水快没到插座了")
    ]
    raised = [
        (message, found["urgency"])
        for message, found in zip(messages, bundle.read_many(messages, told=True), strict=True)
        if found["urgency"].label != "normal" and not found["urgency"].rule
    ]

    assert raised
    for message, finding in raised:
        assert finding.evidence
        assert all(message[one.start : one.end] == one.text for one in finding.evidence)
