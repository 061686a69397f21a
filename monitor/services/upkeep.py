"""Verify the chains, seal the day, retrain: what the service does for itself."""

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import orjson
from sqlmodel import Session

from monitor.domain.workdays import local, midnight
from monitor.services.context import Context, seal_head
from monitor.storage import history
from monitor.storage.crypto import Keyring
from monitor.storage.history import Link, Seal
from monitor.storage.orders import decided, heads

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether every chain holds; else the first broken link in words."""

    holds: bool
    chains: int
    events: int
    broken: str = ""
    seals: int = 0


def verify(session: Session, keys: Keyring) -> Verdict:
    """Walk every chain once beside its head, then the seals; name the first broken link."""
    seals = history.seals(session)
    daily = _Daily([seal.day for seal in seals])
    with closing(history.walk(session)) as walk, closing(_heads(session)) as known:
        chains, events, fault = _chains(keys, walk, known, daily)
    if fault := fault or _seals(keys, seals, daily):
        return Verdict(holds=False, chains=chains, events=events, broken=fault)
    return Verdict(holds=True, chains=chains, events=events, seals=len(seals))


def _chains(
    keys: Keyring, walk: Iterator[Link], heads: Iterator["_Head"], daily: "_Daily"
) -> tuple[int, int, str]:
    """How many chains and events were walked, and the first fault."""
    head = next(heads, None)
    chains = events = 0
    for chain, links in groupby(walk, key=lambda event: event.chain):
        if head is not None and head.chain < chain:
            break
        chains += 1
        fault, count, last, state = _walk(chain, links, daily)
        events += count
        if not fault and (head is None or head.chain != chain):
            fault = f"{_name(chain)}：事件还在，工单或链头已不在"
        elif not fault and head is not None:
            fault = head.fault(keys, count, last, state)
        if fault:
            return chains, events, fault
        head = next(heads, None)
    if head is not None:
        return chains, events, f"{_name(head.chain)}：应有 {head.count} 条事件，一条也没有"
    return chains, events, ""


def _seals(keys: Keyring, seals: list[Seal], daily: "_Daily") -> str:
    # A torn seal's day would be counted to the next one: it is named first.
    torn = daily.told - {seal.day.isoformat() for seal in seals}
    if torn:
        return f"{min(torn)} 的日封：事件里记着封过，封条已不在"
    chains = events = 0
    before = ""
    for seal, (_, begun, told, digest) in zip(seals, daily.each(), strict=True):
        chains, events = chains + begun, events + told
        if fault := _seal_fault(keys, seal, chains, events, digest(before)):
            return fault
        before = seal.digest
    return ""


def seal_days(ctx: Context) -> list[date]:
    """Seal every finished day that has none yet, in one walk over those days; the days sealed."""
    seals = {seal.day: seal for seal in history.seals(ctx.session)}
    first = history.first_at(ctx.session)
    if first is None:
        return []
    start, today = local(first).date(), local(ctx.now).date()
    days = [start + timedelta(days=n) for n in range((today - start).days)]
    missing = [day for day in days if day not in seals]
    if not missing:
        return []
    daily = _Daily(sorted({*seals, *missing}))
    since, until = midnight(missing[0]), midnight(missing[-1] + _ONE)
    walk = history.walk(ctx.session, since=since, until=until)
    for _, links in groupby(walk, key=lambda event: event.chain):
        for event in links:
            daily.count(event)
        daily.close()
    chains = events = 0
    before = ""
    for day, begun, told, digest in daily.each():
        seal = seals.get(day)
        if seal is None:
            seal = _seal(ctx, day, chains + begun, events + told, digest(before))
            ctx.session.add(seal)
        chains, events, before = seal.chains, seal.events, seal.digest
    # A seal that is torn off leaves this event behind, which the next seal covers.
    ctx.record_system("sealed", days=[day.isoformat() for day in missing])
    return missing


def _seal(ctx: Context, day: date, chains: int, events: int, digest: str) -> Seal:
    return Seal(
        day=day,
        until=midnight(day + _ONE),
        chains=chains,
        events=events,
        digest=digest,
        mac=_mac(ctx.keys, day, chains, events, digest),
        made_at=ctx.now,
    )


def _seal_fault(keys: Keyring, seal: Seal, chains: int, events: int, digest: str) -> str:
    mac = _mac(keys, seal.day, seal.chains, seal.events, seal.digest)
    if not hmac.compare_digest(mac, seal.mac) or seal.until != midnight(seal.day + _ONE):
        return f"{seal.day} 的日封：签名不符，封条被改动"
    if (chains, events, digest) != (seal.chains, seal.events, seal.digest):
        return (
            f"{seal.day} 的日封：封存时 {seal.chains} 条链 {seal.events} 个事件，"
            f"现在 {chains} 条链 {events} 个事件，或内容不符"
        )
    return ""


class _Daily:
    """Each event counted to the day on which it happened, so that a walk costs the same
    however many days are sealed. A day's digest holds the day before, and so all of history.
    """

    def __init__(self, days: list[date]) -> None:
        self.days = days
        self.told: set[str] = set()
        self._ends = [midnight(day + _ONE) for day in days]
        self._begun, self._events = [0] * len(days), [0] * len(days)
        self._sums = [hashlib.sha256() for _ in days]
        self._open: dict[int, tuple[int, str]] = {}
        self._chain = ""

    def count(self, event: Link) -> None:
        """Count an event; the events of a chain come one after the other."""
        # By moment, not by place: a deed begun before midnight may be written after one of
        # the next day.
        place = bisect_right(self._ends, event.at)
        if place < len(self._ends):
            self._chain = event.chain
            self._begun[place] += event.sequence == 1
            self._events[place] += 1
            self._open[place] = (self._open.get(place, (0, ""))[0] + 1, event.hash)
        if event.what == "sealed":
            self.told.update(orjson.loads(event.details)["days"])

    def close(self) -> None:
        """The chain is at its end."""
        for place, (count, last) in self._open.items():
            self._sums[place].update(f"{self._chain}:{count}:{last}\n".encode())
        self._open.clear()

    def each(self) -> Iterator[tuple[date, int, int, Callable[[str], str]]]:
        """Each day: chains begun, events, and its digest after the digest of the day before."""
        for place, day in enumerate(self.days):
            yield day, self._begun[place], self._events[place], partial(self._digest, place)

    def _digest(self, place: int, before: str) -> str:
        return hashlib.sha256(f"{before}\n{self._sums[place].hexdigest()}".encode()).hexdigest()


def _walk(chain: str, links: Iterator[Link], daily: _Daily) -> tuple[str, int, str, str]:
    """What is wrong with a chain; its count, its last hash, the state its events lead to."""
    count, last, state = 0, "", ""
    for event in links:
        expected = history.link(
            chain, count + 1, event.what, event.actor, event.at, event.details, last
        )
        fault = ""
        if event.sequence != count + 1:
            fault = f"{_name(chain)}：第 {count + 1} 条事件缺失"
        elif event.previous != last or event.hash != expected["hash"]:
            fault = f"{_name(chain)}：第 {event.sequence} 条事件与前一条接不上，被改动"
        if fault:
            return fault, count, last, state
        count, last = count + 1, event.hash
        if '"to":' in event.details:
            state = orjson.loads(event.details).get("to", state)
        daily.count(event)
    daily.close()
    return "", count, last, state


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands outside a chain about it: how long it is, how it ends, the order's state."""

    chain: str
    count: int
    hash: str
    mac: str
    state: str

    def fault(self, keys: Keyring, count: int, last: str, state: str) -> str:
        if not hmac.compare_digest(self.mac, seal_head(keys, self.chain, self.count, self.hash)):
            return f"{_name(self.chain)}：链头的签名不符，链头被改动"
        if (count, last) != (self.count, self.hash):
            return f"{_name(self.chain)}：应有 {self.count} 条，实有 {count} 条，末尾被截或被加"
        if state != self.state:
            return f"{_name(self.chain)}：工单现在的状态与最后一次变动不符，状态被改动"
        return ""


def _heads(session: Session) -> Generator[_Head, None, None]:
    """The heads in the order in which the walk meets their chains: orders, then days."""
    with closing(heads(session)) as orders:
        for order_id, count, head, mac, state in orders:
            yield _Head(order_id.hex, count, head, mac, state)
    for system in history.system_heads(session):
        yield _Head(system.chain, system.count, system.head, system.mac, "")


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
