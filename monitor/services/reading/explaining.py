"""What people are told of a reading: what it leans on, how sure it is, and what is missing."""

from collections.abc import Mapping
from typing import Any

from classifiers import READERS, Bundle
from monitor.domain.letters import headline
from monitor.domain.vocabulary import Urgency
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.preparing import SUBTOPIC, bundle
from monitor.storage.orders import Order, Reading

_UNSURE = "没有命中规则，把握不明，请看正文"
Said = Mapping[str, Any]


def reasons(finding: Said) -> list[str]:
    """The words that a finding leans on, each once: the catalogue's, or those in the text."""
    heard = finding.get("words") or [item["text"] for item in finding.get("evidence", ())]
    return list(dict.fromkeys(heard))


def alarm(finding: Said) -> str:
    """Why a letter that met no rule is called pressing, or one that met a rule is not.

    Empty where rules and model say the same.
    """
    if rule := finding.get("yielded"):
        return f"命中 {rule} 的词，但模型极有把握认为不急，按不急提示"
    share = finding.get("confidence")
    if finding.get("rule") or not share or finding.get("label") in {None, Urgency.NORMAL}:
        return ""
    if (among := round(1 / share)) < 2:
        return "没有命中规则；这样的来件多半紧急"
    return f"没有命中规则；这样的来件约 {among} 件里有 1 件紧急，宁可多提醒"


def figure(ctx: Context, finding: Said) -> float | None:
    """How sure a reading is; None where it is called calm and no model stands behind that."""
    return None if _unread(ctx, finding) else finding.get("confidence")


def why(ctx: Context, finding: Said) -> str:
    """What is said of an urgency that no rule decided; empty where a model found it calm."""
    return _UNSURE if _unread(ctx, finding) else alarm(finding)


def unaided(ctx: Context) -> dict[str, str] | None:
    """What the desk is told where a reader cannot read, and what to do; None when all is well."""
    readers = bundle(ctx.settings, rulebook.current(ctx).words)
    lack = [one.label for one in READERS if one.learnt and one.code not in readers.models]
    lacks, says, mend = [], "请多看一眼正文。", ""
    if lack:
        lacks.append(f"{'、'.join(lack)}没有可用的模型")
        mend = "请告诉办公室，在“模型”页点“现在学一次”，学完即恢复。"
    if readers.urgency is None:
        lacks.append("紧急程度的规则写法有误")
        mend += "请告诉系统管理员，在“规则”页改正紧急程度的规则。"
    elif "urgency" not in readers.models:
        says = f"{'紧急程度' if readers.models else ''}现在只按规则提示，{says}"
    return {"title": f"自动建议不全：{'；'.join(lacks)}", "text": says + mend} if lacks else None


def of_order(ctx: Context, order: Order, reading: Reading | None) -> dict[str, Any]:
    """What was read of an order, both levels of its topic as one; empty where nothing was."""
    if reading is None:
        return {}
    if reading.original_version != order.original_version:
        return dict(reading.findings)
    rules = rulebook.current(ctx)
    readers = bundle(ctx.settings, rules.words)
    # A letter without a title was read without: what stands for it is the head of its text.
    title = "" if order.title == headline(order.text) else order.title
    message = f"{title}\n{order.text}"
    findings = _told(readers, message, reading.findings)
    return both_levels(readers, message, findings, rules.in_tree(order.suggested_topic or ""))


def _told(readers: Bundle, message: str, findings: Said) -> Said:
    """The findings with words that were left untold while many were read.

    Where another version of a model reads by now, it is asked; if it says otherwise, none are told.
    """
    left = [code for code, finding in findings.items() if finding.get("untold")]
    if not left:
        return findings
    read = {code: one.as_json() for code, one in readers.read(message).items()}
    told = dict(findings)
    for code in left:
        was, now = findings[code], read.get(code)
        if now and (now["rule"], now["label"]) == (was["rule"], was["label"]):
            told[code] = {**was, "evidence": now["evidence"]}
    return told


def both_levels(readers: Bundle, message: str, findings: Said, suggested: str) -> dict[str, Any]:
    """The findings, that of the topic with its second level in place where that is suggested.

    Then it is as sure as both levels are and leans on the words of both; those of the second are
    looked for now, in this letter. What else lies below is offered beside other topics.
    """
    topic, below = findings.get("topic"), findings.get(SUBTOPIC)
    if not (topic and below):
        return dict(findings)
    label = below["label"]
    others = [[label, below["confidence"]], *below["alternatives"], *topic["alternatives"]]
    others = [one for one in others if one[0] not in {suggested, topic["label"]}]
    whole = {**topic, "alternatives": sorted(others, key=lambda one: -one[1])}
    if label == suggested and label != topic["label"]:
        whole |= {"label": label, "confidence": below["confidence"]}
        # What another version of the model said below keeps the words of the topic alone.
        if below["version"] in set(readers.versions.values()):
            known = tuple((one["start"], one["end"], one["text"]) for one in topic["evidence"])
            whole["evidence"] = [
                {"start": start, "end": end, "text": text}
                for start, end, text in readers.words_below(message, label, below["version"], known)
            ]
    return {**findings, "topic": whole}


def _unread(ctx: Context, finding: Said) -> bool:
    """Whether a letter is called calm only for want of a rule: no model read it, or reads now."""
    if finding.get("reader") != "urgency" or finding.get("label") != Urgency.NORMAL:
        return False
    if finding.get("rule") or finding.get("confidence") is None:
        return False
    alone = finding.get("engine") == "rules" and not finding.get("learnt_from")
    return alone or "urgency" not in bundle(ctx.settings, rulebook.current(ctx).words).models
