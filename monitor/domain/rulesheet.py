"""The sheet of deadline rules, `data/rulebook/deadlines.toml`, read into rules; faults named."""

import re
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any

from monitor.domain.errors import Incomplete
from monitor.domain.rulepack import Closes, Limit, Pack, PauseEvent, Rule, RulePack, Start, Warn
from monitor.domain.vocabulary import Arithmetic, Channel, Promise, RequestType, Urgency

_WARN = re.compile(r"(\d+)(d|h|min|%)")


def parse(document: Mapping[str, Any], in_force: Collection[str] | None = None) -> RulePack:
    """The rules of `data/rulebook/deadlines.toml`; `in_force` overrides which packs are on.

    A rule of a later pack takes the place of the same code in an earlier one, so that the
    order in which selectors are tried stays the same.
    """
    packs = tuple(Pack(code=code, **entry) for code, entry in document["packs"].items())
    if in_force is not None:
        packs = tuple(replace(pack, in_force=pack.code in in_force) for pack in packs)
    pauses = {code: _pause(entry) for code, entry in document.get("pauses", {}).items()}
    rules = sorted(map(_rule, document["rules"]), key=lambda rule: rule.valid_from, reverse=True)
    order = list(dict.fromkeys(entry["code"] for entry in document["rules"]))
    chosen: dict[str, list[Rule]] = {code: [] for code in order}
    for pack in packs:
        if pack.in_force:
            own = [rule for rule in rules if rule.pack == pack.code]
            chosen |= {rule.code: [r for r in own if r.code == rule.code] for rule in own}
    in_use = tuple(rule for same in chosen.values() for rule in same)
    return RulePack(in_use, packs, pauses, tuple(rules))


def _pause(entry: Mapping[str, Any]) -> PauseEvent:
    own = {one.name: entry[one.name] for one in fields(PauseEvent) if one.name in entry}
    return PauseEvent(**own)


def _rule(entry: Mapping[str, Any]) -> Rule:
    try:
        limit = _limit(entry)
        return Rule(
            code=entry["code"],
            promise=Promise(entry["promise"]),
            name=entry["name"],
            normal=limit,
            start=Start(entry["start"]),
            basis=entry["basis"],
            version=entry["version"],
            valid_from=entry["valid_from"],
            valid_to=entry.get("valid_to"),
            pack=entry.get("pack", "national"),
            warn=tuple(_warn(point) for point in entry.get("warn", ())),
            max_extensions=entry.get("max_extensions", 0),
            extension_limit=entry.get("extension_limit", 0),
            extension_approver=entry.get("extension_approver", ""),
            extension_notice=entry.get("extension_notice", 1),
            pause_events=tuple(entry.get("pause_events", ())),
            by_urgency={
                Urgency(urgency): _limit({**entry, **own})
                for urgency, own in entry.get("by_urgency", {}).items()
            },
            channels=frozenset(map(Channel, entry.get("channels", ()))),
            request_types=frozenset(map(RequestType, entry.get("request_types", ()))),
            urgencies=frozenset(map(Urgency, entry.get("urgencies", ()))),
            by_hand=entry.get("by_hand", False),
            again=entry.get("again", 100),
        )
    except (KeyError, ValueError) as error:
        code = entry.get("code", "（无编号）")
        raise Incomplete(f"时限规则 {code} 有误：{error}") from error


def _limit(entry: Mapping[str, Any]) -> Limit:
    amount = entry["amount"]
    if not isinstance(amount, int) or amount < 0:
        raise ValueError(f"amount = {amount}")
    arithmetic = Arithmetic(entry["arithmetic"])
    return Limit(arithmetic, amount, Closes(entry.get("closes", "midnight")))


def _warn(point: str) -> Warn:
    found = _WARN.fullmatch(point)
    if found is None:
        raise ValueError(f"warn = {point}")
    amount, unit = int(found[1]), found[2]
    return {
        "d": Warn("days", amount),
        "h": Warn("minutes", amount * 60),
        "min": Warn("minutes", amount),
        "%": Warn("percent", amount),
    }[unit]
