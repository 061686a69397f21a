"""Numbered migrations carry what was stored before them, on both databases."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from classifiers.similar import fingerprint
from monitor.domain.access import Acting
from monitor.domain.vocabulary import Role
from monitor.storage import search
from monitor.storage.db import MIGRATIONS, Database
from monitor.storage.handling import parts
from monitor.storage.index import sharing, tokens

OLD, NEW = uuid4(), uuid4()
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


def test_texts_taken_in_before_are_found_by_the_new_fingerprint(database, config):
    command.downgrade(config, "0004")
    letter = "我公司的设备投资补贴公示通过后至今没有到账，供应商已发来律师函，请局长过问。"
    with database.transaction() as session:
        for id_, number in ((OLD, "HY1"), (NEW, "HY2")):
            given = id_.hex if database.embedded else id_
            said = ORDER.replace("'', '', 1, ''", "'', :text, 1, ''")
            words = letter if id_ is OLD else "人才公寓的户型和租金怎么查，要准备哪些证件？"
            session.execute(text(said), {"id": given, "number": number, "text": words})
            banded = "INSERT INTO fingerprint (band, order_id) VALUES (7, :id)"
            session.execute(text(banded), {"id": given})

    command.upgrade(config, "head")

    with database.reading() as session:
        found = sharing.counted(session, fingerprint(letter.replace("律师函", "催款函")))
    assert set(found) == {OLD}
    assert found[OLD] > 8


def test_every_migration_goes_back_and_forth(database, config):
    newest = revision(database)

    command.downgrade(config, "base")
    assert revision(database) is None

    command.upgrade(config, "head")
    assert revision(database) == newest


def test_nobody_finds_a_fingerprint_by_typing(database):
    (word,) = tokens.marks([2**40 - 17])
    assert tokens.query_tokens(word) != [[word]]
    assert not any(word[0] in token for part in tokens.query_tokens(f"{word} μ") for token in part)


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


def test_texts_indexed_before_are_found_by_the_plainer_index_and_back(database, config):
    said = "路灯坏了三个月，热线 12345 打过，Wi-Fi 也不通。"

    def indexed(entry: UUID) -> None:
        with database.transaction() as session:
            given = entry.hex if database.embedded else entry
            session.execute(text(ORDER), {"id": given, "number": f"HY{entry.hex}"})
            search.add(session, [(entry, said)], public=True)

    def found() -> set[UUID]:
        with database.reading() as session:
            asked = ("路灯坏", "12345", "wi fi", "三个月")
            each = [set(search.matching(session, words, public=True)) for words in asked]
        assert all(one == each[0] for one in each)
        return each[0]

    command.downgrade(config, "0024")
    indexed(OLD)
    command.upgrade(config, "head")
    indexed(NEW)
    assert found() == {OLD, NEW}
    if database.embedded:
        with database.transaction() as session:
            session.execute(
                text("INSERT INTO search_words (search_words) VALUES ('integrity-check')")
            )

    command.downgrade(config, "0024")
    assert found() == {OLD, NEW}
