"""Write new orders in bulk with all that belongs to them: events, clocks, readings, source."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from monitor.domain import numbers
from monitor.domain.letters import Incoming, headline, tidy
from monitor.domain.vocabulary import AnswerWay, Arrival, Channel, Promise, Via
from monitor.domain.workdays import local
from monitor.services import lifecycle, sources
from monitor.services.context import Context
from monitor.services.preparing import Whole
from monitor.services.rulebook import Rules
from monitor.storage import requesters, search
from monitor.storage.answers import Answer, AnswerAct
from monitor.storage.db import write_rows
from monitor.storage.deadlines import Clock
from monitor.storage.history import append
from monitor.storage.imports import SourceRow
from monitor.storage.orders import Order, Reading
from monitor.storage.requesters import Requester

LONGEST_TITLE = 200


def row(ctx: Context, rules: Rules, letter: Incoming, read: Whole) -> dict[str, Any]:
    """The row of a new order without id, number and state: its original, what was suggested."""
    text = tidy(letter.text)
    received_on = local(letter.received_at).date()
    values: dict[str, Any] = {
        "channel": str(letter.channel),
        "via": str(letter.via),
        "upstream_no": letter.upstream_no or None,
        "version": 1,
        "round": 1,
        "title": (letter.title.strip() or headline(text))[:LONGEST_TITLE],
        "text": text,
        "original_version": 1,
        "place": letter.place.strip(),
        "consent": letter.consent,
        "received_at": letter.received_at,
        "received_on": received_on,
        "date_only": letter.date_only,
        "arrival": _arrival(letter),
        "registered_at": ctx.now,
        "registered_by": ctx.person.label,
        "historical": (rules.office.first_day.toordinal() - received_on.toordinal()) > 90,
        "stated_type": str(letter.request_type) if letter.request_type else None,
        "stated_urgency": str(letter.urgency) if letter.urgency else None,
        "co_sections": [],
        "catalogue_row": "",
        "decided_by": "",
        "returns": 0,
        "forced": False,
        "legal_asked": False,
        "upstream": dict(letter.upstream),
        "upstream_due": letter.upstream_due,
    }
    values.update(read.suggested)
    if letter.request_type is not None:
        values["suggested_type"] = str(letter.request_type)
    if letter.urgency is not None and values["suggested_urgency"] in (None, "normal"):
        values["suggested_urgency"] = str(letter.urgency)
    return values


def _arrival(letter: Incoming) -> str | None:
    """How a request for disclosure came; what machines and the web form bring came online."""
    if letter.channel is not Channel.DISCLOSURE or letter.answered_at is not None:
        return None
    online = Arrival.ONLINE if letter.via in {Via.API, Via.LETTER_FORM} else None
    found = letter.arrival or online
    return str(found) if found else None


def write(
    ctx: Context,
    letters: Sequence[Incoming],
    said: Sequence[bytes],
    read: Sequence[Whole],
    rows: list[dict[str, Any]],
) -> dict[UUID, datetime]:
    """Give new orders their first state and write them with all that belongs to them.

    `said` are the written cells of each record. Tells by order when its answer is due.
    """
    events: list[dict[str, Any]] = []
    clocks: list[dict[str, Any]] = []
    groups: dict[str, list[int]] = {"register": [], "import_answered": []}
    for place, letter in enumerate(letters):
        answered = letter.answer and letter.answered_at
        groups["import_answered" if answered else "register"].append(place)
    for name, places in groups.items():
        if not places:
            continue
        given = [
            {"answer": letters[place].answer, "at": letters[place].answered_at}
            if name == "import_answered"
            else {}
            for place in places
        ]
        new_events, new_clocks = lifecycle.enter(ctx, [rows[p] for p in places], name, given)
        events += new_events
        clocks += new_clocks
    session = ctx.session
    write_rows(session, Order, rows)
    append(session, events)
    write_rows(session, Clock, clocks)
    pairs = list(zip(rows, letters, read, strict=True))
    write_rows(
        session,
        Requester,
        [requesters.row(ctx.keys, row["id"], letter.requester) for row, letter, _ in pairs],
    )
    write_rows(
        session,
        SourceRow,
        [
            sources.row(ctx.keys, row["id"], letter, cells)
            for row, letter, cells in zip(rows, letters, said, strict=True)
        ],
    )
    write_rows(session, Reading, [_reading(ctx, row, whole) for row, _, whole in pairs])
    search.add_tokens(session, [(row["id"], whole.words) for row, _, whole in pairs])
    _keep_answers(ctx, pairs)
    return {
        clock["order_id"]: clock["due_at"] for clock in clocks if clock["promise"] == Promise.ANSWER
    }


def _reading(ctx: Context, row: dict[str, Any], read: Whole) -> dict[str, Any]:
    return {
        "order_id": row["id"],
        "sequence": 1,
        "original_version": 1,
        "at": ctx.now,
        "engine": read.engine,
        "findings": read.findings,
    }


def _keep_answers(ctx: Context, pairs: Sequence[tuple[dict[str, Any], Incoming, Whole]]) -> None:
    answers: list[dict[str, Any]] = []
    acts: list[dict[str, Any]] = []
    for row, letter, _ in pairs:
        if not letter.answer or letter.answered_at is None:
            continue
        answer = {
            "id": numbers.new_id(ctx.now),
            "order_id": row["id"],
            "version": 1,
            "text": tidy(letter.answer),
            "note": "",
            "basis": "",
            "missing_parts": "",
            "solved": "",
            "author_id": None,
            "author": ctx.person.label,
            "at": letter.answered_at,
        }
        answers.append(answer)
        acts.append(
            {
                "id": numbers.new_id(ctx.now),
                "order_id": row["id"],
                "answer_id": answer["id"],
                "way": str(AnswerWay.IMPORTED),
                "at": letter.answered_at,
                "by": ctx.person.label,
                "note": "",
            }
        )
    write_rows(ctx.session, Answer, answers)
    write_rows(ctx.session, AnswerAct, acts)
