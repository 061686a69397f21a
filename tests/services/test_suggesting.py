"""Which section is suggested: the catalogue first, then what decided orders taught."""

from dataclasses import replace

import pytest

from classifiers import Bundle
from classifiers.words import shipped_data
from monitor.domain.dispatch import CatalogueRow
from monitor.services import preparing, rulebook
from monitor.services.preparing import Prepared
from monitor.services.reading import explaining
from monitor.settings import Settings
from monitor.tasks import training

RULES = rulebook.from_files(shipped_data())


def read(topic: str, learnt: str | None) -> Prepared:
    said = {"label": topic, "confidence": 0.9, "alternatives": [], "rule": ""}
    findings = {"topic": said}
    if learnt:
        findings["section"] = {**said, "label": learnt, "confidence": 0.7, "learnt_from": 300}
    return Prepared(findings, "")


@pytest.mark.parametrize(
    ("topic", "text", "learnt", "section", "rule", "sure"),
    [
        # A word of the catalogue stands in the text: the row, whatever was learnt.
        ("funds", "有人虚报设备价套取补贴", "talent", "finance", "2.1", 0.9),
        # None does: what was learnt, without a row, and no surer than that.
        ("funds", "两台旧机器刷了漆当新的入账", "finance", "finance", "", 0.7),
        # What was learnt is what the default row says: the row is named.
        ("funds", "奖励什么时候发", "funds", "funds", "2.7", 0.9),
        ("funds", "奖励什么时候发", None, "funds", "2.7", 0.9),
        # A section that no row of this office names comes from a model of other sections.
        ("funds", "奖励什么时候发", "harbour", "funds", "2.7", 0.9),
    ],
)
def test_the_catalogue_goes_before_what_was_learnt(topic, text, learnt, section, rule, sure):
    prepared = read(topic, learnt)

    found = preparing.suggest(RULES.guide, prepared, text)

    assert (found["suggested_section"], found["confidence"]) == (section, sure)
    assert prepared.findings["section"]["label"] == section
    assert prepared.findings["section"]["rule"] == rule


@pytest.mark.parametrize(
    "text", ["有人虚报设备价套取补贴", "奖励什么时候发", "", "租金太高，电不够用"]
)
@pytest.mark.parametrize("topic", ["funds", "factor"])
def test_many_texts_at_once_are_routed_as_each_would_be(topic, text):
    (present,) = RULES.guide.present([text])
    alone, together = read(topic, None), read(topic, None)

    assert preparing.suggest(RULES.guide, together, present) == preparing.suggest(
        RULES.guide, alone, text
    )
    assert together == alone


def test_a_word_of_a_single_character_in_the_catalogue_is_found_too():
    row = CatalogueRow("9.1", "factor", "factor", "供电", words=("电",))
    guide = replace(RULES.guide, catalogue=(row,))

    assert guide.present(["电不够用", "水不够用"]) == [{"电"}, set()]


def test_sections_that_are_as_good_as_impossible_are_not_offered():
    prepared = read("funds", None)
    prepared.findings["topic"]["alternatives"] = [["factor", 0.2], ["talent", 0.004]]

    preparing.suggest(RULES.guide, prepared, "奖励什么时候发")

    assert [code for code, _ in prepared.findings["section"]["alternatives"]] == ["factor"]


def test_without_a_topic_only_what_was_learnt_can_be_suggested():
    found = preparing.suggest(RULES.guide, Prepared({}, ""), "补贴没到账")

    assert found["suggested_section"] is None


@pytest.mark.parametrize(
    ("level", "share", "rule", "words"),
    [
        ("urgent", 0.21, "", "没有命中规则；这样的来件约 5 件里有 1 件紧急，宁可多提醒"),
        ("critical", 0.12, "", "没有命中规则；这样的来件约 8 件里有 1 件紧急，宁可多提醒"),
        ("urgent", 0.9, "", "没有命中规则；这样的来件多半紧急"),
        ("urgent", None, "JJ-03", ""),
        ("normal", 0.79, "", ""),
    ],
)
def test_an_alarm_without_a_rule_says_how_often_it_is_right(level, share, rule, words):
    assert explaining.alarm({"label": level, "confidence": share, "rule": rule}) == words


def two_levels(sure, label="funds.arrears"):
    prepared = read("funds", None)
    prepared.findings["topic"] |= {"evidence": [], "alternatives": [["factor", 0.07]]}
    prepared.findings["subtopic"] = {
        "label": label, "confidence": sure, "version": "topic-1", "evidence": [],
        "alternatives": [["funds.progress", 0.2]],
    }  # fmt: skip
    return prepared


@pytest.mark.parametrize(
    ("sure", "label", "suggested"),
    [
        (0.5, "funds.arrears", "funds.arrears"),
        (0.49, "funds.arrears", "funds"),
        # None of the branches fits, or the office has cut that branch off its tree.
        (0.8, "funds", "funds"),
        (0.8, "funds.lost", "funds"),
    ],
)
def test_a_second_level_is_suggested_where_it_is_likelier_right_than_not(sure, label, suggested):
    found = preparing.suggest(RULES.guide, two_levels(sure, label), "奖励什么时候发")

    assert found["suggested_topic"] == suggested
    assert found["suggested_section"] == "funds"
    assert found["confidence"] == 0.9


def test_both_levels_are_told_as_one_topic_and_what_lies_beside_them_is_offered():
    readers = Bundle({}, None, "")

    sure = explaining.both_levels(readers, "", two_levels(0.6).findings, "funds.arrears")
    unsure = explaining.both_levels(readers, "", two_levels(0.4).findings, "funds")

    assert (sure["topic"]["label"], sure["topic"]["confidence"]) == ("funds.arrears", 0.6)
    assert sure["topic"]["alternatives"] == [["funds.progress", 0.2], ["factor", 0.07]]
    assert (unsure["topic"]["label"], unsure["topic"]["confidence"]) == ("funds", 0.9)
    assert [code for code, _ in unsure["topic"]["alternatives"]] == [
        "funds.arrears", "funds.progress", "factor",
    ]  # fmt: skip


def test_a_branch_that_was_cut_since_gives_way_to_its_topic():
    assert RULES.in_tree("funds.arrears") == "funds.arrears"
    assert RULES.in_tree("funds.lost") == "funds"


def test_a_branch_is_taught_by_its_own_words_and_a_topic_by_all_below_it():
    hints = training.hints_of(RULES)
    own = {words for code, words in hints if code == "funds.arrears"}
    beside = {words for code, words in hints if code == "funds.progress"}

    assert {"资金拖欠", "已批准或已公示而迟迟没有到账"} <= own
    assert not own & beside
    assert own <= {words for code, words in hints if code == "funds"}


def test_what_is_told_of_a_cut_branch_is_its_topic():
    assert RULES.topic_label("funds.lost") == RULES.topic_label("funds")


def test_readings_are_completed_alike_wherever_each_part_was_reckoned(tmp_path):
    settings = Settings(home=tmp_path)
    messages = [("标题", f"第{place}笔补贴没有到账") for place in range(4)]
    prepared = preparing.prepare(settings, RULES.words, messages)
    whole = preparing.prepare_whole(settings, RULES.guide, messages)
    bare = preparing.prepare_whole(settings, RULES.guide, messages, indexed=False)

    mixed = [prepared[0], whole[1], bare[2], bare[3]]

    assert preparing.complete(RULES.guide, mixed, messages) == whole
    assert {one.words for one in bare} == {""}
    assert len({one.words for one in whole}) == 4
