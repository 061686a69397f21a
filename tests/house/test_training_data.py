"""The shipped topics, dispatch catalogue and labelled messages fit each other."""

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from classifiers import similar
from monitor.domain.vocabulary import RequestType, Urgency

DATA = Path(__file__).parents[2] / "data"
COLUMNS = ["title", "text", "topic", "subtopic", "request_type", "urgency", "section"]
SECTIONS = frozenset(
    [
        "office",
        "policy",
        "funds",
        "invest1",
        "invest2",
        "invest3",
        "foreign",
        "project",
        "factor",
        "environment",
        "exhibition",
        "talent",
        "info",
        "finance",
        "personnel",
    ]
)
Pair = tuple[int, int]
ALIKE = 0.35  # what the desk is shown as a near copy
DEMO_PHONE = re.compile(r"1380000\d{4}")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
ID_CARD = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def load(name: str, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((DATA / name).read_text(encoding="utf-8"))[key]
    return rows


def messages(name: str = "messages.csv") -> list[dict[str, str]]:
    with (DATA / "training" / name).open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        assert reader.fieldnames == COLUMNS
        return list(reader)


def normalised(text: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text)).casefold()


def shingles(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))


def sharing(cuts: Sequence[frozenset[str]], others: Sequence[frozenset[str]]) -> Counter[Pair]:
    """How many shingles each two of them share, where they share any."""
    where: dict[str, list[int]] = {}
    for number, cut in enumerate(others):
        for shingle in cut:
            where.setdefault(shingle, []).append(number)
    return Counter(
        (one, two)
        for one, cut in enumerate(cuts)
        for shingle in cut
        for two in where.get(shingle, ())
    )


def roots() -> list[str]:
    return [topic["code"] for topic in load("topics.toml", "topic") if not topic["parent"]]


def test_topics_form_a_tree_of_two_levels() -> None:
    topics = load("topics.toml", "topic")
    codes = [topic["code"] for topic in topics]

    assert len(codes) == len(set(codes))
    assert len(roots()) == 13
    for topic in topics:
        assert set(topic) == {"code", "label", "parent", "description", "order"}
        assert topic["label"]
        assert topic["description"]
        parent, dot, _ = topic["code"].rpartition(".")
        assert topic["parent"] == parent
        assert not dot or parent in roots()
    children = Counter(topic["parent"] for topic in topics if topic["parent"])
    assert set(children) == set(roots())
    assert set(children.values()) <= {3, 4, 5}


def test_siblings_differ_in_label_and_order() -> None:
    topics = load("topics.toml", "topic")

    assert len({(topic["parent"], topic["label"]) for topic in topics}) == len(topics)
    assert len({(topic["parent"], topic["order"]) for topic in topics}) == len(topics)


def test_catalogue_names_known_topics_and_sections() -> None:
    rows = load("catalogue.toml", "row")
    codes = {topic["code"] for topic in load("topics.toml", "topic")}

    assert len({row["number"] for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"\d+\.\d+", row["number"])
        assert row["topic"] in codes
        assert {row["section"], *row["co_sections"]} <= SECTIONS
        assert row["section"] not in row["co_sections"]
        assert len(row["co_sections"]) == len(set(row["co_sections"]))
        assert len(row["words"]) == len(set(row["words"]))
        assert all(len(word) > 1 for word in row["words"])
        assert row["duty"].endswith("。")
        assert row["version"] >= 1
        assert date.fromisoformat(row["valid_from"])
    assert {row["section"] for row in rows} == SECTIONS


def test_every_topic_ends_with_its_one_default_row() -> None:
    rows = load("catalogue.toml", "row")

    assert sorted(row["topic"] for row in rows if not row["words"]) == sorted(roots())
    for root in roots():
        own = [row for row in rows if row["topic"].split(".")[0] == root]
        assert own[-1]["topic"] == root
        assert not own[-1]["words"]


def test_messages_cover_every_label() -> None:
    rows = messages()
    topics, types, urgencies, sections = (
        Counter(row[label] for row in rows)
        for label in ("topic", "request_type", "urgency", "section")
    )

    assert len(rows) >= 1250
    assert set(topics) == set(roots())
    assert min(topics.values()) >= 100
    assert set(types) == {kind.value for kind in RequestType}
    assert types.pop("praise") >= 30
    assert min(types.values()) >= 150
    assert set(urgencies) == {level.value for level in Urgency}
    assert min(urgencies.values()) >= 45
    assert set(sections) == SECTIONS
    assert min(sections.values()) >= 15


def test_every_message_has_a_second_level_of_its_topic_or_none_of_them() -> None:
    branches = [topic["code"] for topic in load("topics.toml", "topic") if topic["parent"]]
    rows = messages()
    counts = Counter(row["subtopic"] for row in rows)

    for part in ("messages.csv", "held_out.csv", "held_out_second.csv", "held_out_third.csv"):
        for row in messages(part):
            assert row["subtopic"] in {row["topic"], *branches}
            assert row["subtopic"].split(".")[0] == row["topic"]
    assert set(branches) <= set(counts)
    assert min(counts[code] for code in branches) >= 40
    assert sum(counts[root] for root in roots()) <= len(rows) / 20


def test_messages_vary_in_length_and_title() -> None:
    rows = messages()
    lengths = [len(row["text"]) for row in rows]

    assert all(row["text"] == row["text"].strip() != "" for row in rows)
    assert sum(length < 25 for length in lengths) >= 40
    assert sum(length >= 150 for length in lengths) >= 20
    assert sum(length >= 200 for length in lengths) >= 15
    assert 0.1 <= sum(not row["title"] for row in rows) / len(rows) <= 0.45


def test_no_message_stands_twice() -> None:
    counts = Counter(normalised(row["text"]) for row in messages())

    assert [text for text, times in counts.items() if times > 1] == []


def test_no_message_is_a_variation_of_another() -> None:
    texts = [normalised(row["text"]) for row in messages()]
    cuts = [shingles(text) for text in texts]

    near = [
        (texts[one], texts[two])
        for (one, two), shared in sharing(cuts, cuts).items()
        if two < one and 3 * shared > len(cuts[one] | cuts[two])
    ]
    assert near == []


@pytest.mark.parametrize("part", ["held_out.csv", "held_out_second.csv", "held_out_third.csv"])
def test_messages_held_out_resemble_none_that_teach(part: str) -> None:
    taught = [row["text"] for row in messages()]
    held = [row["text"] for row in messages(part)]
    some = sharing(*([shingles(normalised(text)) for text in texts] for texts in (held, taught)))

    alike = [
        (one, two)
        for (one, two), shared in some.items()
        if shared >= 3 and similar.resemblance(held[one], taught[two]) >= ALIKE
    ]
    assert len(held) >= 300
    assert alike == []


def test_messages_hold_no_real_phone_and_no_id_number() -> None:
    text = "\n".join(row["title"] + row["text"] for row in messages())

    assert [phone for phone in MOBILE.findall(text) if not DEMO_PHONE.fullmatch(phone)] == []
    assert ID_CARD.findall(text) == []
