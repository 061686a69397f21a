"""How alembic runs our numbered migrations: on the engine that was handed in."""

from alembic import context
from sqlmodel import SQLModel

from monitor.storage import (  # noqa: F401 -- importing them fills the metadata
    answers,
    casework,
    deadlines,
    doors,
    drafts,
    history,
    imports,
    orders,
    people,
    requesters,
    rulebook,
    search,
)
from monitor.storage.attachments import rows as attachments  # noqa: F401
from monitor.storage.handling import branches, closings, drafting, parts, pledges  # noqa: F401
from monitor.storage.learning import versions  # noqa: F401
from monitor.storage.lists import bulk, opened, views  # noqa: F401
from monitor.storage.supervision import cards, hot, notices, reckoning, roster  # noqa: F401

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_as_batch=False
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
