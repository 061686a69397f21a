"""Desk: the opened office (settings, database, keys, clock), from which doors make contexts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from monitor.domain.access import Acting
from monitor.services.context import Context
from monitor.settings import Settings
from monitor.storage.crypto import Keyring, open_keys
from monitor.storage.db import Database

SYSTEM = Acting("系统")
PUBLIC = Acting("公众")


@dataclass(frozen=True)
class Desk:
    """What a process opens once and every request or job uses.

    `candid` lets an unexpected error out after it was answered, so that a test shows it.
    """

    settings: Settings
    database: Database
    keys: Keyring
    clock: Callable[[], datetime]
    candid: bool = False

    @classmethod
    def open(
        cls,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        create: bool = False,
        synchronous: str = "FULL",
        candid: bool = False,
    ) -> "Desk":
        """Open keys and database; `create` makes the keys and the tables of a new office."""
        if create:
            settings.home.mkdir(parents=True, exist_ok=True)
        keys = open_keys(settings.key_path, create=create)
        database = Database(settings.url, synchronous=synchronous)
        if create:
            database.migrate()
        return cls(settings, database, keys, clock, candid)

    @contextmanager
    def writing(self, person: Acting = SYSTEM) -> Iterator[Context]:
        """One unit of work by a person, committed when the block ends."""
        with self.database.transaction() as session:
            yield Context(session, self.clock(), person, self.keys, self.settings)

    @contextmanager
    def reading(self, person: Acting = SYSTEM) -> Iterator[Context]:
        """A snapshot to read from."""
        with self.database.reading() as session:
            yield Context(session, self.clock(), person, self.keys, self.settings)
