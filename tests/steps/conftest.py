"""An office for the steps to work in: rules, sections and people on both databases."""

import tomllib
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import select

from monitor.cli import founding
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import SHANGHAI
from monitor.services import people, rulebook
from monitor.services.context import Context
from monitor.services.desk import PUBLIC, SYSTEM, Desk
from monitor.settings import Settings
from monitor.storage import orders
from monitor.storage import people as stored
from monitor.storage.crypto import open_keys
from monitor.storage.db import Database
from monitor.storage.orders import Order
from tests.founding import once as founding_once

MORNING = datetime(2026, 9, 21, 8, 0, tzinfo=SHANGHAI)
DOORS = {"public": PUBLIC, "system": SYSTEM}


class Office:
    """People who act at moments that the test names; each act a transaction of its own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def at(self, now: datetime, who: str, do: Callable[[Context], object]) -> object:
        """One act by one person at one moment."""
        with self.desk.database.transaction() as session:
            person = stored.by_username(session, who)
            known = stored.sections(session)
            acting = stored.acting(person, known) if person else DOORS[who]
            return do(Context(session, now, acting, self.desk.keys, self.desk.settings))

    def on(
        self, number: str, now: datetime, who: str, step: Callable[..., object], **given: object
    ) -> object:
        """One step on an order that the person sees, with the version he sees."""

        def do(ctx: Context) -> object:
            order = orders.get(ctx.session, ctx.person, number)
            return step(ctx, order, seen=order.version, **given)

        return self.at(now, who, do)

    def order(self, number: str) -> Order:
        """The order as it stands, for looking at."""
        with self.desk.database.transaction() as session:
            return session.exec(select(Order).where(Order.number == number)).one()


@pytest.fixture
def office(database, tmp_path) -> Office:
    """The demonstration's sections and people in an otherwise empty office."""
    return founded(Settings(home=tmp_path / "home"), database)


def founded(settings: Settings, database: Database) -> Office:
    """Found the office in an empty database."""

    def office() -> Office:
        return Office(Desk(settings, database, open_keys(settings.key_path), lambda: MORNING))

    def establish(ctx: Context) -> None:
        bureau = tomllib.loads((settings.data_dir / "demo" / "bureau.toml").read_text("utf-8"))
        rulebook.publish(ctx, rulebook.shipped(settings.data_dir))
        founding.publish_office(ctx, "示范市投资促进局", MORNING.date(), "0000-12345")
        ctx.session.add_all(founding.section_row(body) for body in bureau["section"])
        ctx.session.flush()
        for body in bureau["person"]:
            roles = [Role(role) for role in body["roles"]]
            people.create(ctx, body["username"], body["name"], roles, section=body["section"])

    name = f"the demonstration's people under the rules of {settings.data_dir}"
    founding_once(name, settings, database, lambda: office().at(MORNING, "system", establish))
    return office()
