"""The rules by which an answer is checked before review, out of the bodies of the rulebook."""

from collections.abc import Mapping, Sequence
from typing import Any

from classifiers import quality
from classifiers.quality import Checker

Body = dict[str, Any]
# Words that an office may change; each list stands under its own name on the page of rules.
QUALITY_LISTS = {
    "quality.formal": "答复检查：没有内容的套话",
    "quality.passing": "答复检查：转出去的说法",
    "quality.pending": "答复检查：还在办的说法",
    "quality.signed": "答复检查：落款的末尾",
    "quality.attitude": "答复检查：表态的词",
    "quality.soft": "答复检查：空泛的动作",
    "quality.deeds": "答复检查：做过、查到的说法",
    "quality.buck": "答复检查：推诿用语",
    "quality.empty": "答复检查：空话",
    "quality.unsure": "答复检查：没有准话的说法",
    "quality.reasons": "答复检查：算讲了理由的词",
    "quality.rude": "答复检查：不礼貌的用语",
    "quality.threat": "答复检查：威胁的用语",
    "quality.reported": "答复检查：转述他人的说法",
    "quality.promises": "答复检查：承诺的说法",
    "quality.dated": "答复检查：算有期限的词",
    "quality.greeting": "答复检查：称呼问候",
    "quality.closing": "答复检查：结尾谢语",
    "quality.contact": "答复检查：联系方式",
    "quality.questions": "答复检查：发问的话",
    "quality.rhetoric": "答复检查：反问和感叹",
    "quality.asks": "答复检查：提要求的话",
    "quality.alike": "答复检查：意思相近的词",
    "quality.idle": "答复检查：没有区别作用的词",
    "quality.instruments": "答复检查：文件名的末尾",
    "quality.cited": "答复检查：算写明依据的说法",
    "quality.restating": "答复检查：转述来件的说法",
    "quality.not_places": "答复检查：不在地名里的字",
    "quality.not_names": "答复检查：像地名却不是的词",
    "quality.places": "答复检查：地名的末尾",
    "quality.units": "答复检查：数目的单位",
}


def checker(bodies: Mapping[str, Sequence[Body]], lists: Mapping[str, Body]) -> Checker:
    """The checks of the office; those that we ship where a book has none of its own."""
    if not bodies.get("check") or not bodies.get("quality"):
        return quality.shipped()
    tables = bodies["quality"][0]
    patterns = {code.split(".")[1]: lists[code]["words"] for code in QUALITY_LISTS}
    version = max(int(body.get("version", 1)) for body in (*bodies["check"], tables))
    book = {
        "version": version, "kind": list(bodies["check"]), "limits": tables["limits"],
        "patterns": patterns,
    }  # fmt: skip
    return quality.of(book, bodies.get("citation", ()))
