"""Which section is suggested: the catalogue first, then what decided orders taught."""

from dataclasses import replace

import pytest

from classifiers.words import shipped_data
from monitor.domain.dispatch import CatalogueRow
from monitor.services import reading, rulebook
from monitor.services.reading import Prepared

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

    found = reading.suggest(RULES.guide, prepared, text)

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

    assert reading.suggest(RULES.guide, together, present) == reading.suggest(
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

    reading.suggest(RULES.guide, prepared, "奖励什么时候发")

    assert [code for code, _ in prepared.findings["section"]["alternatives"]] == ["factor"]


def test_without_a_topic_only_what_was_learnt_can_be_suggested():
    assert reading.suggest(RULES.guide, Prepared({}, ""), "补贴没到账")["suggested_section"] is None


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
    assert reading.alarm({"label": level, "confidence": share, "rule": rule}) == words
