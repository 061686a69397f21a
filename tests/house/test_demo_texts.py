"""The demonstration bureau's texts are complete, valid and nobody's."""

import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.cli.demonstration_dates import fill
from monitor.domain.vocabulary import Channel, RequestType, Role, Urgency
from monitor.services import rulebook

DEMO = Path(__file__).parents[2] / "data" / "demo"
TOPICS = {
    *("policy", "funds", "project", "factor", "promise", "foreign", "environment"),
    *("agency", "exhibition", "talent", "disclosure", "conduct", "other"),
}
FIELDS: dict[str, type] = {
    "key": str,
    "channel": str,
    "topic": str,
    "request_type": str,
    "urgency": str,
    "title": str,
    "text": str,
    "requester_name": str,
    "phone": str,
    "consent": bool,
    "section": str,
    "co_sections": list,
    "answer": str,
    "note": str,
    "contact_note": str,
    "return_ground": str,
    "followup": str,
    "place": str,
}
LENGTHS = {
    "title": (8, 22),
    "text": (80, 350),
    "answer": (80, 300),
    "note": (30, 100),
    "contact_note": (20, 60),
}
# A law's date and what comes back each year may be named; "下月 5 日" is always ahead.
A_DATE = re.compile(r"(?<!年)(?<!年 )(?<![0-9])[0-9]{1,2} ?月 ?[0-9]{1,2} ?[日号]|本月 ?[0-9]")
THIS_YEARS_MONTH = re.compile(r"今年 ?[0-9]{1,2} ?月(?! ?[0-9])")
DAY = date(2026, 10, 15)
CALENDAR = rulebook.from_files(DEMO.parent).calendar
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
DEMO_MOBILE = re.compile(r"1380000\d{4}")

Story = dict[str, Any]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DEMO / name).read_text(encoding="utf-8"))


BUREAU = _read("bureau.toml")
SECTIONS = {section["code"] for section in BUREAU["section"]}
PARTS = {
    path.name: _read(path.name)["story"]
    for path in (DEMO / "stories_a.toml", DEMO / "stories_b.toml")
    if path.exists()
}
STORIES: list[Story] = [story for part in PARTS.values() for story in part]
BY_KEY: dict[str, Story] = {story["key"]: story for story in STORIES}

each_story = pytest.mark.parametrize("story", STORIES, ids=[story["key"] for story in STORIES])


def _pairs(text: str) -> Counter[str]:
    signs = re.sub(r"\W", "", text)
    return Counter(signs[i : i + 2] for i in range(len(signs) - 1))


def _repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def test_one_section_is_the_office_and_codes_are_unique() -> None:
    sections = BUREAU["section"]
    assert len(SECTIONS) == len(sections) == 15
    assert [section["code"] for section in sections if section["office"]] == ["office"]
    assert sorted(section["order"] for section in sections) == list(range(1, 16))
    assert all(section["label"] and section["duties"].count("。") >= 2 for section in sections)


def test_people_have_one_surname_one_login_and_known_roles() -> None:
    people = BUREAU["person"]
    assert not _repeated([person["username"] for person in people])
    assert not _repeated([person["name"] for person in people])
    for person in people:
        assert len(person["name"]) == 1
        assert re.fullmatch(r"[a-z]+", person["username"])
        assert person["section"] in SECTIONS
        assert person["title"]
        assert person["roles"]
        assert set(person["roles"]) <= set(Role)


def test_every_section_has_one_head_and_a_handler_and_every_role_a_person() -> None:
    people = BUREAU["person"]
    heads = [person["section"] for person in people if "section_head" in person["roles"]]
    assert sorted(heads) == sorted(SECTIONS)
    assert {person["section"] for person in people if "handler" in person["roles"]} == SECTIONS
    assert {role for person in people for role in person["roles"]} == set(Role)


def test_no_key_phone_title_or_text_is_used_twice() -> None:
    assert STORIES
    for field in ("key", "phone", "title", "text", "answer", "note", "contact_note"):
        assert _repeated([story[field] for story in STORIES]) == []


def test_each_part_has_every_urgency_and_a_pair_told_twice() -> None:
    for name, part in PARTS.items():
        assert {story["urgency"] for story in part} == set(Urgency), name
        assert any(story["followup"] for story in part), name
        assert any(story["return_ground"] for story in part), name


@each_story
def test_story_is_complete(story: Story) -> None:
    assert story.keys() == FIELDS.keys()
    for field, kind in FIELDS.items():
        assert type(story[field]) is kind, field
        if kind is str:
            assert story[field] == story[field].strip(), field
            assert story[field] or field in {"return_ground", "followup", "place"}, field


@each_story
def test_story_uses_known_codes(story: Story) -> None:
    assert story["topic"] in TOPICS
    assert story["channel"] in set(Channel)
    assert story["request_type"] in set(RequestType)
    assert story["urgency"] in set(Urgency)
    assert {story["section"], *story["co_sections"]} <= SECTIONS
    assert story["section"] not in story["co_sections"]


@each_story
def test_story_has_the_right_lengths(story: Story) -> None:
    for field, (least, most) in LENGTHS.items():
        length = len(fill(story[field], DAY, DAY, CALENDAR))
        assert least <= length <= most, (field, length)


@each_story
def test_story_holds_no_date_that_ages(story: Story) -> None:
    for field, kind in FIELDS.items():
        if kind is not str:
            continue
        assert not A_DATE.search(story[field]), field
        assert not THIS_YEARS_MONTH.search(story[field]), field
        assert not re.search(r"[0-9]\{", story[field]), field
        told = fill(story[field], DAY, DAY, CALENDAR)
        assert not re.search("[{}]", told), field


def test_distances_become_working_days_and_months_with_their_year() -> None:
    words = "已于{date:-1}报送，{date:+1}起，{month:-5}公示，{month:-11}开工，{month:+3}验收"
    told = fill(words, date(2026, 9, 30), date(2026, 10, 2), CALENDAR)
    assert told == "已于9月29日报送，10月8日起，今年5月公示，去年11月开工，明年1月验收"


@each_story
def test_story_holds_no_phone_of_anybody(story: Story) -> None:
    assert DEMO_MOBILE.fullmatch(story["phone"])
    for field, kind in FIELDS.items():
        if kind is str:
            assert all(DEMO_MOBILE.fullmatch(found) for found in MOBILE.findall(story[field]))


@each_story
def test_followup_tells_an_earlier_story_again(story: Story) -> None:
    if not story["followup"]:
        return
    earlier = BY_KEY[story["followup"]]
    assert STORIES.index(earlier) < STORIES.index(story)
    assert earlier["topic"] == story["topic"]
    assert earlier["channel"] != story["channel"]
    told, again = _pairs(earlier["text"]), _pairs(story["text"])
    assert 2 * (told & again).total() >= min(told.total(), again.total())
