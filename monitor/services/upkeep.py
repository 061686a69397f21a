"""Verify the chains, seal the day, retrain: what the service does for itself."""

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import orjson
from sqlmodel import Session, col, select

from monitor.domain.workdays import local, midnight
from monitor.services.context import Context, seal_head
from monitor.storage import history
from monitor.storage.crypto import Keyring
from monitor.storage.history import Event, Seal
from monitor.storage.orders import decided, heads


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether every chain holds; else the first broken link in words."""

    holds: bool
    chains: int
    events: int
    broken: str = ""
    seals: int = 0


def verify(session: Session, keys: Keyring) -> Verdict:
    """Walk every chain, compare heads, counts and seals; name the first broken link."""
    known = dict(_heads(session))
    seals = history.seals(session)
    tallies = [_Tally(seal) for seal in seals]
    chains = events = 0
    for chain, links in groupby(history.walk(session), key=lambda event: event.chain):
        chains += 1
        fault, count, last, state = _walk(chain, links, tallies)
        events += count
        if fault:
            return _broken(chains, events, fault)
        head = known.pop(chain, None)
        if head is None:
            return _broken(chains, events, f"{_name(chain)}：事件还在，工单或链头已不在")
        wanted_count, wanted_hash, mac, stands = head
        if not hmac.compare_digest(mac, seal_head(keys, chain, wanted_count, wanted_hash)):
            return _broken(chains, events, f"{_name(chain)}：链头的签名不符，链头被改动")
        if (count, last) != (wanted_count, wanted_hash):
            broken = f"{_name(chain)}：应有 {wanted_count} 条，实有 {count} 条，末尾被截或被加"
            return _broken(chains, events, broken)
        if state != stands:
            broken = f"{_name(chain)}：工单现在的状态与最后一次变动不符，状态被改动"
            return _broken(chains, events, broken)
    if known:
        chain, (count, *_) = next(iter(known.items()))
        return _broken(chains, events, f"{_name(chain)}：应有 {count} 条事件，一条也没有")
    for tally in tallies:
        if fault := tally.fault(keys):
            return _broken(chains, events, fault)
    torn = _told_sealed(session) - {seal.day.isoformat() for seal in seals}
    if torn:
        return _broken(chains, events, f"{min(torn)} 的日封：事件里记着封过，封条已不在")
    return Verdict(holds=True, chains=chains, events=events, seals=len(seals))


def _told_sealed(session: Session) -> set[str]:
    told = session.exec(select(Event.details).where(Event.what == "sealed"))
    return {day for details in told for day in orjson.loads(details)["days"]}


def _broken(chains: int, events: int, words: str) -> Verdict:
    return Verdict(holds=False, chains=chains, events=events, broken=words)


def seal_days(ctx: Context) -> list[date]:
    """Seal every finished day that has none yet, in one walk; the days sealed."""
    sealed = {seal.day for seal in history.seals(ctx.session)}
    first = ctx.session.exec(select(Event.at).order_by(col(Event.at)).limit(1)).first()
    if first is None:
        return []
    start, today = local(first).date(), local(ctx.now).date()
    days = [start + timedelta(days=n) for n in range((today - start).days)]
    missing = [day for day in days if day not in sealed]
    if not missing:
        return []
    ends = [midnight(day + timedelta(days=1)) for day in missing]
    tallies = [_Tally(None) for _ in missing]
    walk = history.walk(ctx.session, until=ends[-1])
    for chain, links in groupby(walk, key=lambda event: event.chain):
        found: dict[int, tuple[int, str]] = {}
        for event in links:
            for place in range(bisect_right(ends, event.at), len(ends)):
                found[place] = (found.get(place, (0, ""))[0] + 1, event.hash)
        for place, (count, last) in found.items():
            tallies[place].take(chain, count, last)
    for day, until, tally in zip(missing, ends, tallies, strict=True):
        ctx.session.add(_seal(ctx, day, until, tally))
    # A seal that is torn off leaves this event behind, which the next seal covers.
    ctx.record_system("sealed", days=[day.isoformat() for day in missing])
    return missing


def _seal(ctx: Context, day: date, until: datetime, tally: "_Tally") -> Seal:
    digest = tally.digest()
    return Seal(
        day=day,
        until=until,
        chains=tally.chains,
        events=tally.events,
        digest=digest,
        mac=_mac(ctx.keys, day, tally.chains, tally.events, digest),
        made_at=ctx.now,
    )


class _Tally:
    """The heads and counts of all chains up to a seal's moment, as one digest."""

    def __init__(self, seal: Seal | None) -> None:
        self.seal = seal
        self.chains = self.events = 0
        self._sum = hashlib.sha256()

    def take(self, chain: str, count: int, last: str) -> None:
        self.chains += 1
        self.events += count
        self._sum.update(f"{chain}:{count}:{last}\n".encode())

    def digest(self) -> str:
        return self._sum.hexdigest()

    def fault(self, keys: Keyring) -> str:
        seal = self.seal
        if seal is None:
            return ""
        mac = _mac(keys, seal.day, seal.chains, seal.events, seal.digest)
        if not hmac.compare_digest(mac, seal.mac):
            return f"{seal.day} 的日封：签名不符，封条被改动"
        if (self.chains, self.events, self.digest()) != (seal.chains, seal.events, seal.digest):
            return (
                f"{seal.day} 的日封：封存时 {seal.chains} 条链 {seal.events} 个事件，"
                f"现在 {self.chains} 条链 {self.events} 个事件，或内容不符"
            )
        return ""


def _walk(chain: str, links: Iterator[Event], tallies: list[_Tally]) -> tuple[str, int, str, str]:
    """What is wrong with a chain; its count, its last hash, the state its events lead to."""
    count, last, state = 0, "", ""
    ends = [tally.seal.until for tally in tallies if tally.seal is not None]
    sealed: dict[int, tuple[int, str]] = {}
    for event in links:
        expected = history.link(
            chain, count + 1, event.what, event.actor, event.at, event.details, last
        )
        if event.sequence != count + 1:
            return f"{_name(chain)}：第 {count + 1} 条事件缺失", count, last, state
        if event.previous != last or event.hash != expected["hash"]:
            return (
                f"{_name(chain)}：第 {event.sequence} 条事件与前一条接不上，被改动",
                count,
                last,
                state,
            )
        count, last = count + 1, event.hash
        if '"to":' in event.details:
            state = orjson.loads(event.details).get("to", state)
        # A deed begun before midnight may be written after one of the next day: count by moment,
        # as the seal did, not by place. Each event counts from its own seal on.
        for place in range(bisect_right(ends, event.at), len(ends)):
            sealed[place] = (sealed.get(place, (0, ""))[0] + 1, last)
    for place, (sealed_count, sealed_last) in sealed.items():
        tallies[place].take(chain, sealed_count, sealed_last)
    return "", count, last, state


def _heads(session: Session) -> Iterator[tuple[str, tuple[int, str, str, str]]]:
    for order_id, count, head, mac, state in heads(session):
        yield order_id.hex, (count, head, mac, state)
    for system in history.system_heads(session):
        yield system.chain, (system.count, system.head, system.mac, "")


def _name(chain: str) -> str:
    return f"系统链 {chain[4:]}" if chain.startswith("sys:") else f"工单链 {chain[:8]}…"


def _mac(keys: Keyring, day: date, chains: int, events: int, digest: str) -> str:
    body = f"{day}:{chains}:{events}:{digest}".encode()
    return hmac.digest(keys.purpose("daily-seal"), body, "sha256").hex()


def labels_from_decisions(session: Session, *, before: datetime) -> list[dict[str, Any]]:
    """Decided orders as labelled messages: the decisions, never the suggestions."""
    return [
        {
            "title": order.title,
            "text": order.text,
            "topic": (order.topic or "").split(".", 1)[0],
            "request_type": order.request_type or "",
        }
        for order in decided(session, before)
    ]
