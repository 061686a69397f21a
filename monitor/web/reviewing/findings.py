"""What the scan found in an original and its public copy, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from classifiers.finding import Hit
from classifiers.sensitive import Scanner
from monitor.services.copies import NEVER_KEPT, PARTS, Open
from monitor.storage.answers import PublicCopy
from monitor.web.reviewing.comparing import Mark, Pair, place

LABELS = {
    "name": "姓名", "phone": "手机号", "landline": "电话", "id_card": "身份证号",
    "passport": "护照号", "bank_card": "银行账号", "plate": "车牌", "address": "详细地址",
    "email": "邮箱", "wechat": "微信号", "qq": "QQ 号", "uscc": "统一社会信用代码",
    "secrecy": "密级标志", "trade_secret": "商业秘密用语",
}  # fmt: skip
PART_WORDS = {"title": "标题", "letter": "来信", "answer": "答复"}
_PRIVATE = "个人信息保护法 第 25 条"
_BASIS = {
    "secrecy": "保守国家秘密法 第 35 条",
    "trade_secret": "政府信息公开条例 第 15 条",
    "uscc": "政府信息公开条例 第 15 条",
    "id_card": "个人信息保护法 第 28 条",
    "bank_card": "个人信息保护法 第 28 条",
    "passport": "个人信息保护法 第 28 条",
}
# The first ones carry their buttons; each button holds the whole copy as it would be then.
_MOST_ACTS = 20
_ORDER = {"open": 0, "left": 1, "kept": 2, "masked": 3}

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of one part: open, kept with a reason, masked, or left though it reads like one.

    `masked` and `restored` are the copy as it would be after that act; None: not offered.
    """

    number: int
    part: str
    kind: str
    text: str
    state: str
    count: int
    where: str
    basis: str
    done: str
    keepable: bool
    masked: Texts | None = None
    restored: Texts | None = None

    @property
    def key(self) -> str:
        """How the form of the copy names it."""
        return f"{self.part}:{self.kind}:{self.text}"

    @property
    def label(self) -> str:
        """Its kind in words."""
        return LABELS.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, the open ones first; their marks in the original and in the copy."""

    found: tuple[Found, ...] = ()
    left: Mapping[str, list[Mark]] = field(default_factory=dict)
    right: Mapping[str, list[Mark]] = field(default_factory=dict)

    def count(self, state: str) -> int:
        """How many are in this state."""
        return sum(item.state == state for item in self.found)

    @property
    def absent(self) -> str:
        """The kinds that were looked for and not found."""
        kinds = {item.kind for item in self.found}
        return "、".join(label for kind, label in LABELS.items() if kind not in kinds)


def report(
    scanner: Scanner,
    originals: Texts,
    copy: PublicCopy,
    still_open: Sequence[Open],
    pairs: Sequence[Pair],
) -> Report:
    """Both texts read beside each other, numbered in the order of the original."""
    copied = {part: str(getattr(copy, part)) for part in PARTS}
    hits = {part: scanner.scan(originals[part]) for part in PARTS}
    groups: dict[tuple[str, str, str], int] = {}
    for part in PARTS:
        for hit in hits[part]:
            groups.setdefault((part, hit.kind, hit.text), len(groups) + 1)
    for item in still_open:
        groups.setdefault((item.part, item.hit.kind, item.hit.text), len(groups) + 1)
    kept = {(row["part"], row["kind"], row["text"]): row["reason"] for row in copy.kept}
    for key in kept:
        if key[2] in copied[key[0]]:
            groups.setdefault(key, len(groups) + 1)
    found = [
        _found(
            scanner, number, key, hits[key[0]], originals, copied, still_open, kept.get(key), pairs
        )
        for key, number in groups.items()
    ]
    states = {(item.part, item.kind, item.text): item.state for item in found}
    left: dict[str, list[Mark]] = {part: [] for part in PARTS}
    for part in PARTS:
        for hit in hits[part]:
            key = (part, hit.kind, hit.text)
            left[part].append(Mark(hit.start, hit.end, str(groups[key]), states[key] == "open"))
    right: dict[str, list[Mark]] = {part: [] for part in PARTS}
    for item in still_open:
        number = groups[(item.part, item.hit.kind, item.hit.text)]
        right[item.part].append(Mark(item.hit.start, item.hit.end, str(number)))
    found.sort(key=lambda item: (_ORDER[item.state], item.number))
    return Report(tuple(found), left, right)


def without_open(scanner: Scanner, copy: PublicCopy, still_open: Sequence[Open]) -> Texts:
    """The copy with everything masked that is still open."""
    texts: Texts = {}
    for part in PARTS:
        hits = [item.hit for item in still_open if item.part == part]
        texts[part] = scanner.redact(str(getattr(copy, part)), hits)
    return texts


def _found(
    scanner: Scanner,
    number: int,
    key: tuple[str, str, str],
    hits: Sequence[Hit],
    originals: Texts,
    copied: Texts,
    still_open: Sequence[Open],
    reason: str | None,
    pairs: Sequence[Pair],
) -> Found:
    part, kind, text = key
    here = [item for item in still_open if (item.part, item.hit.kind, item.hit.text) == key]
    mine = [hit for hit in hits if (hit.kind, hit.text) == (kind, text)]
    start = mine[0].start if mine else copied[part].find(text)
    where = place(pairs, part, start, start + len(text), copy=not mine)
    facts: dict[str, Any] = {
        "state": "open",
        "done": "",
        "keepable": bool(here) and here[0].keepable,
    }
    offered = number <= _MOST_ACTS
    if here:
        if offered:
            masked = scanner.redact(copied[part], [item.hit for item in here])
            facts["masked"] = {**copied, part: masked}
    elif text in copied[part]:
        told = f"保留：{reason}" if reason else "公开稿中仍有此字样，请核对"
        facts.update(state="kept" if reason else "left", done=told)
    else:
        word = scanner.redact(text, [Hit(kind, 0, len(text), text)])
        facts.update(state="masked", done=f"换为“{word}”" if word in copied[part] else "删去")
        if offered:
            facts["restored"] = _restored(scanner, part, (kind, text), hits, originals, copied)
    return Found(
        number=number, part=part, kind=kind, text=text, count=max(len(mine), len(here)),
        where=PART_WORDS[part] + where, basis=_BASIS.get(kind, _PRIVATE), **facts,
    )  # fmt: skip


def _restored(
    scanner: Scanner,
    part: str,
    key: tuple[str, str],
    hits: Sequence[Hit],
    originals: Texts,
    copied: Texts,
) -> Texts | None:
    """The copy with this one back in it; only where the copy is what the scan had proposed."""
    gone = [hit for hit in hits if hit.text not in copied[part]]
    if key[0] in NEVER_KEPT or scanner.redact(originals[part], gone) != copied[part]:
        return None
    others = [hit for hit in gone if (hit.kind, hit.text) != key]
    return {**copied, part: scanner.redact(originals[part], others)}
