"""Verify every chain of events beside what stands outside it; name each break."""

import hmac
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby

import orjson
from sqlmodel import Session

from monitor.domain.workdays import midnight
from monitor.services.context import seal_head
from monitor.services.upkeep.sealing import ONE, Daily, mac
from monitor.storage import history
from monitor.storage.crypto import Keyring
from monitor.storage.history import Link, Seal
from monitor.storage.orders import heads

# More than these say no more than that somebody wrote the whole anew.
MOST_FAULTS = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether every chain holds; else each break in words, at most MOST_FAULTS."""

    chains: int
    events: int
    seals: int
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.faults

    @property
    def broken(self) -> str:
        """The first break; empty where there is none."""
        return self.faults[0] if self.faults else ""


def verify(session: Session, keys: Keyring) -> Verdict:
    """Walk every chain once beside its head, then the seals; name each break."""
    seals = history.seals(session)
    daily = Daily([seal.day for seal in seals])
    round_ = _Round(keys, daily)
    with closing(history.walk(session)) as walk, closing(_heads(session)) as known:
        for fault in round_.faults(walk, known):
            round_.found.append(fault)
            if len(round_.found) >= MOST_FAULTS:
                break
        else:
            # Where events were changed, of the seals only the signatures can be looked at.
            round_.found += _seals(keys, seals, daily, sound=not round_.found)
    return Verdict(round_.chains, round_.events, len(seals), tuple(round_.found[:MOST_FAULTS]))


class _Round:
    """One walk over all chains: how many were met, and what is wrong with them."""

    def __init__(self, keys: Keyring, daily: Daily) -> None:
        self.keys, self.daily = keys, daily
        self.chains = self.events = 0
        self.found: list[str] = []

    def faults(self, walk: Iterator[Link], known: Iterator["_Head"]) -> Iterator[str]:
        """Each break, chain by chain; both sides come in the order of their chains."""
        head = next(known, None)
        for chain, links in groupby(walk, key=lambda event: event.chain):
            while head is not None and head.chain < chain:
                yield head.empty()
                head = next(known, None)
            mine = head if head is not None and head.chain == chain else None
            self.chains += 1
            told = _Told(mine.name if mine else _name(chain))
            yield from self._links(chain, links, told)
            if mine is None:
                yield f"{told.name}：事件还在，工单或链头已不在"
                continue
            yield from mine.faults(self.keys, told)
            head = next(known, None)
        while head is not None:
            yield head.empty()
            head = next(known, None)

    def _links(self, chain: str, links: Iterator[Link], told: "_Told") -> Iterator[str]:
        for event in links:
            self.events += 1
            fault = told.fault(chain, event)
            yield from fault
            self.daily.count(event, sound=not fault)
        self.daily.close()


class _Told:
    """What the events of one chain have told so far: how many, the last hash, the state."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count, self.last, self.led_to = 0, "", ""
        self.whole = True

    def fault(self, chain: str, event: Link) -> list[str]:
        """What is wrong with the next event; the walk goes on behind it."""
        found = []
        if event.sequence > self.count + 1:
            found += [
                f"{self.name}：第 {missing} 条事件缺失"
                for missing in range(self.count + 1, min(event.sequence, self.count + MOST_FAULTS))
            ]
        expected = history.link(
            chain, event.sequence, event.what, event.actor, event.at, event.details, event.previous
        )
        unlinked = event.sequence == self.count + 1 and event.previous != self.last
        if unlinked or event.hash != expected["hash"]:
            found.append(f"{self.name}：第 {event.sequence} 条事件与前一条接不上，被改动")
        elif '"to":' in event.details:
            self.led_to = orjson.loads(event.details).get("to", self.led_to)
        self.whole = self.whole and not found
        self.count, self.last = event.sequence, event.hash
        return found


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands outside a chain about it: how long it is, how it ends, the order's state."""

    chain: str
    name: str
    count: int
    hash: str
    mac: str
    state: str

    def empty(self) -> str:
        """There is a head, but no event."""
        return f"{self.name}：应有 {self.count} 条事件，一条也没有"

    def faults(self, keys: Keyring, told: _Told) -> Iterator[str]:
        """Where the head and what its events told do not agree."""
        signed = seal_head(keys, self.chain, self.count, self.hash)
        if not hmac.compare_digest(self.mac.encode(), signed.encode()):
            yield f"{self.name}：链头的签名不符，链头被改动"
        elif told.count != self.count or (told.whole and told.last != self.hash):
            yield f"{self.name}：应有 {self.count} 条，实有 {told.count} 条，末尾被截或被加"
        elif told.whole and told.led_to != self.state:
            yield f"{self.name}：工单现在的状态与最后一次变动不符，状态被改动"


def _heads(session: Session) -> Generator[_Head, None, None]:
    """The heads in the order in which the walk meets their chains: orders, then days."""
    with closing(heads(session)) as orders:
        for order_id, number, count, head, signed, state in orders:
            yield _Head(order_id.hex, f"工单 {number}", count, head, signed, state)
    for system in history.system_heads(session):
        yield _Head(system.chain, _name(system.chain), system.count, system.head, system.mac, "")


def _name(chain: str) -> str:
    chain = chain.encode(errors="replace").decode()
    return f"系统链 {chain[4:]}" if chain.startswith("sys:") else f"工单链 {chain}"


def _seals(keys: Keyring, seals: list[Seal], daily: Daily, *, sound: bool) -> list[str]:
    # A torn seal's day would be counted to the next one: it is named first.
    torn = sorted(daily.told - {seal.day.isoformat() for seal in seals})
    found = [f"{day} 的日封：事件里记着封过，封条已不在" for day in torn]
    chains = events = 0
    before = ""
    for seal, (_, begun, told, digest) in zip(seals, daily.each(), strict=True):
        chains, events = chains + begun, events + told
        signed = mac(keys, seal.day, seal.chains, seal.events, seal.digest)
        if not hmac.compare_digest(signed, seal.mac) or seal.until != midnight(seal.day + ONE):
            found.append(f"{seal.day} 的日封：签名不符，封条被改动")
            sound = False
        elif sound and not torn and (chains, events, digest(before)) != (
            seal.chains, seal.events, seal.digest,
        ):  # fmt: skip
            found.append(
                f"{seal.day} 的日封：封存时 {seal.chains} 条链 {seal.events} 个事件，"
                f"现在 {chains} 条链 {events} 个事件，或内容不符"
            )
            sound = False
        before = seal.digest
    return found
