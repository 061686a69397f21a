"""The checks beside an answer: what to mend, to look at, what is fine; each tied to its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from classifiers.finding import Hit
from classifiers.quality import LETTER, Fault, Kind, Quality, plain
from monitor.services import reading
from monitor.services.rulebook import Rules
from monitor.storage.orders import Order
from monitor.web.answering import texts
from monitor.web.answering.texts import Offered
from monitor.web.views import Piece

KINDS = {
    "name": "姓名",
    "phone": "手机号",
    "landline": "座机号",
    "id_card": "身份证号",
    "passport": "护照号",
    "bank_card": "银行卡号",
    "plate": "车牌号",
    "address": "住址",
    "email": "邮箱",
    "wechat": "微信号",
    "qq": "QQ 号",
    "uscc": "统一社会信用代码",
    "secrecy": "密级标志",
    "trade_secret": "疑似商业秘密",
}
# A firm's code, an office line, a likely trade secret: for the office to judge, no fault as such.
_ONLY_REMIND = frozenset({"uscc", "trade_secret", "landline"})
_RANK = {"must": 0, "remind": 1, "ok": 2}
_MOST_SHOWN = 4
_LONGEST_QUOTE = 60
_ALIKE = 4
Item = dict[str, Any]


@dataclass
class Checked:
    """All that is said of the words that stand in the editor."""

    items: list[Item] = field(default_factory=list)
    marked: list[Piece] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    aside: list[dict[str, str]] = field(default_factory=list)
    score: int = 0
    counted: str = "写了就查"


def check(
    rules: Rules, order: Order, answer: str, dismissed: str, offered: Sequence[Offered]
) -> Checked:
    """The checks of an answer as it stands; what was set aside is told apart."""
    if not answer.strip():
        return Checked()
    quality = reading.check(rules, order, answer)
    kinds = rules.checker.kinds
    gone = set(dismissed.split())
    open_, aside = _split(quality.faults, gone)
    hits = [hit for hit in reading.scan(rules, answer) if not _own(rules, hit)]
    found = [*_personal(hits), *_blanks(answer), *_faults(open_, kinds)]
    found += _points(quality, open_, kinds, order.text)
    found += _fine(quality, open_, personal=bool(hits))
    found.sort(key=lambda item: _RANK[item["level"]])
    for number, item in enumerate(found, start=1):
        item.setdefault("mark", str(number))
    must = sum(item["level"] == "must" for item in found)
    remind = sum(item["level"] == "remind" for item in found)
    return Checked(
        items=found,
        marked=_marked(answer, found),
        missing=_missing(quality, open_, offered, order.text),
        aside=[{"key": one.key, "label": _told(one, kinds)} for one in aside],
        score=quality.score,
        counted=f"{must} 项必改，{remind} 项提醒",
    )


def letters(count: int) -> list[str]:
    """A, B, C: what points are called."""
    return [chr(ord("A") + number) for number in range(count)]


def pointed(text: str, spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """The letter with its points lettered."""
    marks = zip(spans, letters(len(spans)), strict=True)
    return _pieces(text, [(start, end, "evidence", mark) for (start, end), mark in marks])


def point_text(order: Order, rules: Rules, key: str, offered: Sequence[Offered]) -> str:
    """What is put into the answer for a missing point; nothing if the letter has no such point."""
    for start, end in rules.checker.points(order.text):
        fault = Fault("point", LETTER, start, end, plain(order.text[start:end]))
        if fault.key == key:
            found = _fitting(fault.text, offered)
            return found.text if found else _own_words(order.text[start:end])
    return ""


def _split(faults: Sequence[Fault], gone: set[str]) -> tuple[list[Fault], list[Fault]]:
    return [one for one in faults if one.key not in gone], [
        one for one in faults if one.key in gone
    ]


def _own(rules: Rules, hit: Hit) -> bool:
    return bool(rules.office.contact) and hit.text in rules.office.contact


def _personal(hits: Sequence[Hit]) -> list[Item]:
    found: dict[str, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.kind, []).append(hit)
    return [
        {
            "level": "remind" if kind in _ONLY_REMIND else "must",
            "title": f"含{KINDS.get(kind, kind)}",
            "count": f"{len(many)} 处",
            "text": _quoted([hit.text for hit in many]),
            "personal": True,
            "spans": [(hit.start, hit.end) for hit in many],
        }
        for kind, many in found.items()
    ]


def _blanks(answer: str) -> list[Item]:
    blanks = list(texts.BLANK.finditer(answer))
    if not blanks:
        return []
    words = "、".join(dict.fromkeys(one[0] for one in blanks[:_MOST_SHOWN]))
    spans = [one.span() for one in blanks]
    return [{"level": "must", "title": "还有空没填", "count": f"{len(blanks)} 处", "text": words,
             "spans": spans}]  # fmt: skip


def _faults(faults: Sequence[Fault], kinds: Mapping[str, Kind]) -> list[Item]:
    """One item a kind or a group of kinds, but for points."""
    found: dict[str, list[Fault]] = {}
    for one in faults:
        if one.kind != "point":
            found.setdefault(kinds[one.kind].group or kinds[one.kind].label, []).append(one)
    return [_item(title, mine, kinds) for title, mine in found.items()]


def _item(title: str, faults: Sequence[Fault], kinds: Mapping[str, Kind]) -> Item:
    kind = kinds[faults[0].kind]
    shown = _quoted([one.text for one in faults if one.text])
    against = "、".join(dict.fromkeys(f"来件写“{one.other}”" for one in faults if one.other))
    if kind.group:
        shown = "、".join(kinds[one.kind].label for one in faults)
    return {
        "level": kind.level,
        "title": title,
        "count": f"{len(faults)} 处" if len(faults) > 1 else "",
        "text": "；".join(part for part in (shown, against) if part),
        "says": "" if kind.group else kind.says,
        "spans": [(one.start, one.end) for one in faults if one.end > one.start],
        "actions": [_ignore(" ".join(dict.fromkeys(one.key for one in faults)))],
    }


def _points(
    quality: Quality, faults: Sequence[Fault], kinds: Mapping[str, Kind], letter: str
) -> list[Item]:
    missed = [one for one in faults if one.kind == "point"]
    if not missed:
        return []
    marks = dict(zip(quality.points, letters(len(quality.points)), strict=True))
    names = [marks[(one.start, one.end)] for one in missed]
    total = len(quality.points)
    return [
        {
            "level": kinds["point"].level,
            "mark": names[0] if len(names) == 1 else str(len(names)),
            "title": kinds["point"].label,
            "count": f"{total} 项答了 {total - len(missed)} 项",
            "text": "；".join(
                f"{name} {short(letter[one.start : one.end])}"
                for name, one in zip(names, missed, strict=True)
            ),
            "says": kinds["point"].says,
        }
    ]


def _fine(quality: Quality, faults: Sequence[Fault], *, personal: bool) -> list[Item]:
    kinds = {one.kind for one in faults}
    found: list[Item] = []
    if quality.points and "point" not in kinds:
        found.append({"level": "ok", "title": "要点都已提到", "count": f"{len(quality.points)} 项"})
    if quality.fine.get("basis") and not kinds & {"citation", "repealed"}:
        names = "、".join(f"《{name}》" for name in quality.fine["basis"][:_MOST_SHOWN])
        found.append({"level": "ok", "title": "依据在清单里", "text": names})
    if quality.fine.get("promise") and "promise" not in kinds:
        text = short(quality.fine["promise"][0])
        found.append({"level": "ok", "title": "写明了办结日期", "text": text})
    if not personal:
        found.append({"level": "ok", "title": "没有发现个人信息和密级标志"})
    return found


def _missing(
    quality: Quality, faults: Sequence[Fault], offered: Sequence[Offered], letter: str
) -> list[dict[str, Any]]:
    marks = dict(zip(quality.points, letters(len(quality.points)), strict=True))
    found = []
    for one in faults:
        if one.kind != "point":
            continue
        text = _fitting(one.text, offered)
        note = f"标准文本 {text.code}，第 {text.version} 版" if text else "没有对口的标准文本"
        found.append(
            {
                "title": f"补要点 {marks[(one.start, one.end)]}",
                "note": note,
                "text": text.text if text else _own_words(letter[one.start : one.end]),
                "accept": {"name": "point", "value": one.key},
                "ignore": {"name": "dismiss", "value": one.key},
            }
        )
    return found


def _fitting(point: str, offered: Sequence[Offered]) -> Offered | None:
    """The standard text that shares most with a point, if it shares enough."""
    pairs = {point[at : at + 2] for at in range(len(point) - 1)}
    best = max(offered, key=lambda one: _shared(pairs, one), default=None)
    return best if best is not None and _shared(pairs, best) >= _ALIKE else None


def _shared(pairs: set[str], one: Offered) -> int:
    return sum(pair in one.title or pair in one.text for pair in pairs)


def _own_words(point: str) -> str:
    return f"关于“{short(point)}”：【待填：结论】。"


def _marked(answer: str, items: Sequence[Item]) -> list[Piece]:
    spans = [
        (start, end, item["level"], item["mark"])
        for item in items
        for start, end in item.get("spans", ())
    ]
    return _pieces(answer, spans)


def _pieces(text: str, spans: Sequence[tuple[int, int, str, str]]) -> list[Piece]:
    pieces, done = list[Piece](), 0
    for start, end, kind, mark in sorted(spans):
        if start < done:
            continue
        if start > done:
            pieces.append(Piece(text[done:start]))
        pieces.append(Piece(text[start:end], kind, mark))
        done = end
    return [*pieces, Piece(text[done:])]


def _ignore(keys: str) -> dict[str, str]:
    return {"label": "忽略", "name": "dismiss", "value": keys}


def _told(fault: Fault, kinds: Mapping[str, Kind]) -> str:
    label = kinds[fault.kind].label
    return f"{label}：“{short(fault.text)}”" if fault.text else label


def _quoted(found: Sequence[str]) -> str:
    shown = list(dict.fromkeys(short(one) for one in found))
    more = "等" if len(shown) > _MOST_SHOWN else ""
    return "、".join(f"“{one}”" for one in shown[:_MOST_SHOWN]) + more


def short(text: str) -> str:
    """One line of a passage, cut where it grows long."""
    one = " ".join(text.split())
    return one if len(one) <= _LONGEST_QUOTE else f"{one[: _LONGEST_QUOTE - 1]}…"
