"""Whatever byte of the history is changed, whatever row is cut off: each is named."""

import random

import pytest
from sqlalchemy import text

from monitor.storage.history import Event, Link
from tests.services.chained import first, name, seal, tamper, verdict

CASES = 200


def rows(desk):
    with desk.reading() as ctx:
        found = ctx.session.connection().execute(text("SELECT id, chain, sequence FROM event"))
        return [tuple(row) for row in found]


def names(desk):
    """How each chain is named."""
    told = {}
    for _, chain, _ in rows(desk):
        told[chain] = f"系统链 {chain[4:]}" if ":" in chain else name(desk, chain)
    return told


class Bytes:
    """One byte of one event, changed as with an editor of bytes; and put back."""

    def __init__(self, desk, dice):
        self.desk = desk
        self.id, self.chain, self.sequence = dice.choice(rows(desk))
        self.raw = desk.database.embedded
        self.column = dice.choice(Link._fields)
        self.old = self._value()
        while self.old in ("", b""):
            self.column = dice.choice(Link._fields)
            self.old = self._value()
        self.new = self._changed(dice)

    def _value(self):
        told = f"CAST({self.column} AS BLOB)" if self._of_bytes() else self.column
        with self.desk.reading() as ctx:
            query = text(f"SELECT {told} FROM event WHERE id = :id")
            return ctx.session.connection().execute(query, {"id": self.id}).scalar_one()

    def _of_bytes(self):
        return self.raw and self.column != "sequence"

    def _changed(self, dice):
        if self.column == "sequence":
            return self.old + dice.choice([100, 1_000, 50_000])
        if self.column == "at" and not self.raw:
            return self.old.replace(microsecond=(self.old.microsecond + 1) % 1_000_000)
        place = dice.randrange(len(self.old))
        if self.raw:
            bits = self.old[place] ^ dice.randrange(1, 256)
            return self.old[:place] + bytes([bits]) + self.old[place + 1 :]
        other = chr(ord(self.old[place]) ^ 1)
        return self.old[:place] + other + self.old[place + 1 :]

    def write(self, value):
        told = "CAST(:value AS TEXT)" if self._of_bytes() else ":value"
        query = text(f"UPDATE event SET {self.column} = {told} WHERE id = :id")
        tamper(self.desk, query.bindparams(value=value, id=self.id))

    def named_in(self, faults, known):
        """Whether a break names this event, or, for a last one, that its chain is short."""
        mine = [fault for fault in faults if fault.startswith(f"{known[self.chain]}：")]
        return any(f"第 {self.sequence} 条" in fault or "应有" in fault for fault in mine)


def test_each_of_two_hundred_changed_bytes_is_named(desk):
    dice = random.Random(20261124)
    known = names(desk)
    met = set()
    for case in range(CASES):
        if case == CASES // 2:
            # From here on the day of the events is sealed, and the sealing is an event as well.
            assert seal(desk)
            known = names(desk)
        one = Bytes(desk, dice)
        met.add((one.chain, one.column))
        one.write(one.new)
        found = verdict(desk)
        assert one.named_in(found.faults, known), (one.column, one.old, one.new, found.faults)
        one.write(one.old)
    assert verdict(desk).holds
    assert {chain for chain, _ in met} == set(known)
    assert {column for _, column in met} == set(Link._fields)


def test_all_that_was_changed_at_once_is_named(desk):
    dice = random.Random(7)
    known = names(desk)
    changed = {}
    while len(changed) < 5:
        one = Bytes(desk, dice)
        if one.column in {"what", "actor", "details"}:
            changed.setdefault(one.id, one)
    for one in changed.values():
        one.write(one.new)

    found = verdict(desk)

    assert all(one.named_in(found.faults, known) for one in changed.values())
    assert len(found.faults) == len(changed)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_the_last_rows_of_every_chain_cut_off_are_named_for_each(desk, cut):
    known = names(desk)
    long = dict.fromkeys(known, 0)
    for _, chain, sequence in rows(desk):
        long[chain] = max(long[chain], sequence)
    for chain, count in long.items():
        tamper(desk, Event.__table__.delete().where(
            (Event.chain == chain) & (Event.sequence > count - cut)))  # fmt: skip

    found = verdict(desk)

    for chain, count in long.items():
        mine = [fault for fault in found.faults if fault.startswith(f"{known[chain]}：")]
        left = f"实有 {count - cut} 条" if count > cut else "一条也没有"
        assert len(mine) == 1
        assert f"应有 {count} 条" in mine[0]
        assert left in mine[0]


def test_a_history_written_anew_is_told_without_end(desk):
    chain = first(desk)
    tamper(desk, text("UPDATE event SET sequence = 900000 WHERE chain = :c AND sequence = 3")
           .bindparams(c=chain))  # fmt: skip

    assert len(verdict(desk).faults) <= 1_000
