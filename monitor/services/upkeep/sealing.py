"""Seal every finished day over all that had happened by its end."""

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import groupby

import orjson

from monitor.domain.workdays import local, midnight
from monitor.services.context import Context
from monitor.storage import history
from monitor.storage.crypto import Keyring
from monitor.storage.history import Link, Seal

ONE = timedelta(days=1)


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
    daily = Daily(sorted({*seals, *missing}))
    since, until = midnight(missing[0]), midnight(missing[-1] + ONE)
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
        until=midnight(day + ONE),
        chains=chains,
        events=events,
        digest=digest,
        mac=mac(ctx.keys, day, chains, events, digest),
        made_at=ctx.now,
    )


class Daily:
    """Each event counted to the day on which it happened, so that a walk costs the same
    however many days are sealed. A day's digest holds the day before, and so all of history.
    """

    def __init__(self, days: list[date]) -> None:
        self.days = days
        self.told: set[str] = set()
        self._ends = [midnight(day + ONE) for day in days]
        self._begun, self._events = [0] * len(days), [0] * len(days)
        self._sums = [hashlib.sha256() for _ in days]
        self._open: dict[int, tuple[int, str]] = {}
        self._chain = ""

    def count(self, event: Link, *, sound: bool = True) -> None:
        """Count an event; the events of a chain come one after the other.

        What one that is not `sound` says is not believed.
        """
        # By moment, not by place: a deed begun before midnight may be written after one of
        # the next day.
        place = bisect_right(self._ends, event.at)
        if place < len(self._ends):
            self._chain = event.chain
            self._begun[place] += event.sequence == 1
            self._events[place] += 1
            self._open[place] = (self._open.get(place, (0, ""))[0] + 1, event.hash)
        if event.what == "sealed" and sound:
            self.told.update(orjson.loads(event.details)["days"])

    def close(self) -> None:
        """The chain is at its end."""
        for place, (count, last) in self._open.items():
            # What somebody wrote into the file may be no text: it is named, not tripped on.
            told = f"{self._chain}:{count}:{last}\n".encode(errors="surrogateescape")
            self._sums[place].update(told)
        self._open.clear()

    def each(self) -> Iterator[tuple[date, int, int, Callable[[str], str]]]:
        """Each day: chains begun, events, and its digest after the digest of the day before."""
        for place, day in enumerate(self.days):
            yield day, self._begun[place], self._events[place], partial(self._digest, place)

    def _digest(self, place: int, before: str) -> str:
        return hashlib.sha256(f"{before}\n{self._sums[place].hexdigest()}".encode()).hexdigest()


def mac(keys: Keyring, day: date, chains: int, events: int, digest: str) -> str:
    """What signs a seal: an HMAC under a key outside the database."""
    body = f"{day}:{chains}:{events}:{digest}".encode()
    return hmac.digest(keys.purpose("daily-seal"), body, "sha256").hex()
