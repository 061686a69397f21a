"""Level, tone and heat of a public-opinion item, each with the words that say so."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from classifiers.letter import marks
from classifiers.letter.marks import Mark

TONES = {"negative": "负面", "neutral": "中性", "positive": "正面"}
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*")
# A date is no number of readers.
_AMOUNT = (
    r"(?P<{0}>\d+(?:,\d{{3}})*(?:\.\d+)?(?!\d|\s*[年月日号])|数|几|上|近|过)?\s*[多余]?\s*"
    r"(?P<{0}u>亿|千万|百万|十万|万|千|百|(?<=\d)[wWkK](?![A-Za-z]))?[多余]?\+?"
)
_REACHED = r"(?:已经|已|超过|超|突破|冲破|破|达到|达|涨到|飙到|冲到|近|有|过|了|约|[:： \t\u3000])*"
_UNITS = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "w": 10**4,
          "千": 1000, "k": 1000, "百": 100, "": 1}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a text suggests; `heat` has the greatest number told of each measure."""

    level: str
    label: str
    tone: str
    tone_label: str
    heat: dict[str, int] = field(default_factory=dict)
    level_marks: tuple[Mark, ...] = ()
    tone_marks: tuple[Mark, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The suggestion as plain JSON values."""
        return {
            "level": self.level,
            "label": self.label,
            "tone": self.tone,
            "tone_label": self.tone_label,
            "heat": self.heat,
            "level_marks": [one.as_json() for one in self.level_marks],
            "tone_marks": [one.as_json() for one in self.tone_marks],
        }


def read(text: str) -> Opinion:
    """The suggested level, the tone, and how far it has spread, as far as the text tells."""
    levels = [one["code"] for one in marks.book()["opinion"]["levels"]]
    labels = {one["code"]: one["label"] for one in marks.book()["opinion"]["levels"]}
    heat, ranked = _heat(text, levels)
    unreal, doubted = _unreal(text), marks.book()["opinion"]["unreal_kinds"]
    for rank, kind, found in _signs():
        ranked += [
            (levels.index(rank), mark)
            for mark in marks.met(found, text, kind)
            if kind not in doubted or not any(a <= mark.start < b for a, b in unreal)
        ]
    top = _level(ranked)
    reasons = [mark for rank, mark in ranked if rank >= min(top, max(_ranks(ranked)))]
    tone, heard = _tone(text)
    return Opinion(
        level=levels[min(top, len(levels) - 1)],
        label=labels[levels[min(top, len(levels) - 1)]],
        tone=tone,
        tone_label=TONES[tone],
        heat=heat,
        level_marks=tuple(sorted(reasons, key=lambda one: one.start)) if top else (),
        tone_marks=heard,
    )


def _unreal(text: str) -> list[tuple[int, int]]:
    """Where rumours, old pictures and drills are told of: what is told there has not happened here.

    A rumour is said to be one in its own sentence or the next; a drill in its own alone.
    """
    found, before = [], 0
    for sentence in _SENTENCE.finditer(text):
        said = sentence.group()
        if not _heard("still_real").search(said):
            if any(not _claimed(said, mark.start) for mark in marks.met(_untrue(), said, "")):
                found.append((before, sentence.end()))
            elif any(marks.met(_heard("drills"), said, "")):
                found.append(sentence.span())
        before = sentence.start()
    return found


def _claimed(sentence: str, start: int) -> bool:
    """Whether somebody merely claims what begins here: the claim stands close before it."""
    reach = int(marks.book()["reach"])
    return bool(_heard("claimed").search(sentence[max(0, start - reach) : start]))


@cache
def _heard(name: str) -> re.Pattern[str]:
    return marks.pattern(marks.book()["opinion"][name])


@cache
def _untrue() -> re.Pattern[str]:
    opinion = marks.book()["opinion"]
    return marks.pattern(opinion["unreal"], opinion["unreal_pattern"])


def _ranks(ranked: Sequence[tuple[int, Mark]]) -> list[int]:
    return [rank for rank, _ in ranked] or [0]


def _level(ranked: Sequence[tuple[int, Mark]]) -> int:
    """The highest sign; one more where signs of several kinds stand on it."""
    top = max(_ranks(ranked))
    kinds = {mark.kind for rank, mark in ranked if rank == top}
    return top + (top > 0 and len(kinds) >= int(marks.book()["opinion"]["raise_at"]))


def _heat(text: str, levels: Sequence[str]) -> tuple[dict[str, int], list[tuple[int, Mark]]]:
    heat: dict[str, int] = {}
    ranked = []
    for label, found, steps in _measures():
        for hit in found.finditer(text):
            number = max(_number(hit, "a"), _number(hit, "b"))
            if number:
                heat[label] = max(heat.get(label, 0), number)
                rank = max(
                    (levels.index(code) for code, least in steps.items() if number >= least),
                    default=0,
                )
                ranked.append((rank, Mark("热度", hit.start(), hit.end(), hit.group().strip())))
    return heat, ranked


def _number(hit: re.Match[str], name: str) -> int:
    told, unit = hit[name] or "", hit[f"{name}u"] or ""
    if not told and not unit:
        return 0
    plain = told.replace(",", "")
    try:
        times = float(plain) if plain else 1.0
    except ValueError:
        times = 1.0  # "some tens of thousands" are at least ten thousand
    return int(times * _UNITS[unit.lower()])


def _tone(text: str) -> tuple[str, tuple[Mark, ...]]:
    """More bad words or more good ones; a denied good word is a bad one, a denied bad one none."""
    score, heard = 0, []
    for name, sign in (("negative", -1), ("positive", 1)):
        for hit in _toned(name).finditer(text):
            turned = marks.denied(text, hit.start())
            if turned and sign < 0:
                continue
            said = "negative" if turned else name
            score += -1 if turned else sign
            heard.append(Mark(TONES[said], hit.start(), hit.end(), hit.group()))
    tone = "neutral" if score == 0 else "positive" if score > 0 else "negative"
    return tone, tuple(sorted(heard, key=lambda one: one.start))


@cache
def _signs() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    shaped: dict[tuple[str, str], re.Pattern[str]] = defaultdict()
    for sign in marks.book()["opinion"]["sign"]:
        key = sign["level"], sign["kind"]
        shaped[key] = marks.pattern(sign["words"], sign.get("pattern", ""))
    return tuple((level, kind, found) for (level, kind), found in shaped.items())


@cache
def _measures() -> tuple[tuple[str, re.Pattern[str], dict[str, int]], ...]:
    found = []
    for measure in marks.book()["opinion"]["heat"]:
        named = marks.pattern(measure["words"]).pattern
        # "阅读 800 转发 12": a number with a blank behind it belongs to the word before it.
        own = rf"(?:(?<!\s)(?:{named})|(?:{named})(?!{_REACHED}\d))"
        before = _AMOUNT.format("a") + rf"(?:次|人次|条|个|人)?(?:的)?{own}"
        after = rf"(?:{named})(?:量|数)?{_REACHED}" + _AMOUNT.format("b")
        whole = re.compile(f"(?:{after})|(?:{before})")
        found.append((measure["label"], whole, dict(measure["from"])))
    return tuple(found)


@cache
def _toned(name: str) -> re.Pattern[str]:
    return marks.pattern(marks.book()["opinion"]["tone"][name])
