"""Numbered migrations carry what was stored before them, on both databases."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Role
from monitor.storage import search
from monitor.storage.db import MIGRATIONS, Database
from monitor.storage.handling import parts

OLD, NEW = uuid4(), uuid4()
BANDS = (2123206683076627407, -17, 5)
ORDER = (
    'INSERT INTO "order" (id, number, channel, via, version, round, state, title, text, '
    "original_version, place, received_at, received_on, date_only, registered_at, registered_by, "
    "historical, co_sections, catalogue_row, decided_by, returns, forced, legal_asked, upstream, "
    "event_count, event_head, event_mac) VALUES (:id, :number, 'phone', 'by_hand', 1, 1, 'triage', "
    "'', '', 1, '', '2026-10-09 02:24:00', '2026-10-09', false, '2026-10-09 02:24:00', '', "
    "false, '[]', '', '', 0, false, false, '{}', 0, '', '')"
)


@pytest.fixture
def config(database: Database) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["engine"] = database.engine
    return made


def revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def test_fingerprints_stay_known_when_they_become_words(database, config):
    command.downgrade(config, "0004")
    embedded = database.embedded
    with database.transaction() as session:
        for id_, number in ((OLD, "HY1"), (NEW, "HY2")):
            given = id_.hex if embedded else id_
            session.execute(text(ORDER), {"id": given, "number": number})
            for band in BANDS if id_ is OLD else BANDS[:1]:
                words = "INSERT INTO fingerprint (band, order_id) VALUES (:band, :id)"
                session.execute(text(words), {"band": band, "id": given})

    command.upgrade(config, "head")

    with database.reading() as session:
        found = search.sharing(session, [*BANDS, 99], each=8)
    assert {id_: set(bands) for id_, bands in found.items()} == {
        OLD: set(BANDS),
        NEW: {BANDS[0]},
    }


def test_every_migration_goes_back_and_forth(database, config):
    newest = revision(database)

    command.downgrade(config, "base")
    assert revision(database) is None

    command.upgrade(config, "head")
    assert revision(database) == newest


def test_nobody_finds_a_fingerprint_by_typing(database):
    assert search.query_tokens(search.mark(BANDS[0])) != [[search.mark(BANDS[0])]]
    assert not any("λ" in token for part in search.query_tokens("λabc λ") for token in part)


def test_co_sections_named_before_parts_owe_one_without_a_clock(database, config):
    command.downgrade(config, "0009")
    given = OLD.hex if database.embedded else OLD
    with database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO section (code, label, duties, position, office, active) "
                "VALUES ('factor', '要素保障科', '', 0, false, true)"
            )
        )
        session.execute(text(ORDER), {"id": given, "number": "HY1"})
        session.execute(
            text(
                """UPDATE "order" SET state = 'in_hand', decided_by = '林（值班员）', """
                """co_sections = '["factor", "gone"]'"""
            )
        )

    command.upgrade(config, "head")

    leader = Acting("孙", roles=frozenset({Role.LEADER}))
    with database.reading() as session:
        (part,) = parts.of_order(session, OLD)
        listed = session.execute(parts.by_due(leader, "factor", ["in_hand"], given=False)).all()
    assert (part.section, part.asked_by, part.clock_id) == ("factor", "林（值班员）", None)
    assert part.asked_at == datetime(2026, 10, 9, 2, 24, tzinfo=UTC)
    assert [(row.order_id, row.at) for row in listed] == [(OLD, part.asked_at)]
