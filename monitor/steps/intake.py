"""Incoming → Order: refuse secrets, recognise the same upstream number, register."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from monitor.domain import numbers
from monitor.domain.errors import Incomplete
from monitor.domain.letters import Incoming, RowError
from monitor.domain.vocabulary import AnswerWay
from monitor.domain.workdays import local
from monitor.services import lifecycle, reading, rulebook, sources
from monitor.services.context import Context
from monitor.services.reading import Prepared
from monitor.services.rulebook import Rules
from monitor.storage import orders, requesters, search
from monitor.storage.answers import Answer, AnswerAct
from monitor.storage.deadlines import Clock
from monitor.storage.history import append
from monitor.storage.imports import SourceRow
from monitor.storage.orders import Fingerprint, Order, Reading
from monitor.storage.requesters import Requester

LONGEST_TEXT = 20_000
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one record: created, updated, unchanged or rejected."""

    outcome: str
    order_id: UUID | None = None
    number: str = ""
    code: str = ""
    error: RowError | None = None


def receive_one(ctx: Context, letter: Incoming, *, with_code: bool = False) -> Receipt:
    """Take one record; raises SecrecyMarked or Incomplete instead of rejecting silently."""
    reading.refuse_secrets(*sources.every_text(letter))
    if not letter.text.strip():
        raise Incomplete("内容不能为空。", fields={"text": "请写明诉求内容"})
    if len(letter.text) > LONGEST_TEXT:
        raise Incomplete(
            f"内容超过 {LONGEST_TEXT} 字。", fields={"text": "请压缩内容，或分成几件提交"}
        )
    if letter.received_at > ctx.now:
        raise Incomplete("收件时间晚于现在。", fields={"received_at": "请核对收件时间"})
    return receive(ctx, [letter], with_codes=with_code)[0]


def receive(
    ctx: Context,
    letters: Sequence[Incoming],
    *,
    prepared: Sequence[Prepared] | None = None,
    with_codes: bool = False,
) -> list[Receipt]:
    """Take records in one transaction; the only door by which an order comes to be.

    A record under a known upstream number updates the upstream's own part of that order, or
    nothing. A record with a mark of secrecy is refused; the refusal, not the text, is an event.
    """
    receipts: list[Receipt | None] = [None] * len(letters)
    fresh: list[int] = []
    known = _known(ctx, letters)
    first_of: dict[tuple[str, str], int] = {}
    for place, letter in enumerate(letters):
        if reading.marked(*sources.every_text(letter)):
            ctx.record_system("secrecy_refused", via=str(letter.via), row=letter.row)
            message = "该行带有密级标志，未作任何保存。"
            error = RowError(letter.row or 0, "", message, "请改走机要渠道。")
            receipts[place] = Receipt("rejected", error=error)
            continue
        key = (str(letter.channel), letter.upstream_no or "")
        order = known.get(key) if letter.upstream_no else None
        if order is not None:
            outcome = sources.update(ctx, order, letter)
            receipts[place] = Receipt(outcome, order.id, order.number)
        elif letter.upstream_no and key in first_of:
            receipts[place] = _repeat(letters[first_of[key]], letter)
        else:
            first_of[key] = place
            fresh.append(place)
    if fresh:
        given = [prepared[place] for place in fresh] if prepared else None
        created = _register(ctx, [letters[place] for place in fresh], given, with_codes=with_codes)
        for place, receipt in zip(fresh, created, strict=True):
            receipts[place] = receipt
    return [receipt for receipt in receipts if receipt is not None]


def _known(ctx: Context, letters: Sequence[Incoming]) -> dict[tuple[str, str], Order]:
    wanted: dict[str, list[str]] = {}
    for letter in letters:
        if letter.upstream_no:
            wanted.setdefault(str(letter.channel), []).append(letter.upstream_no)
    return {
        (channel, number): order
        for channel, upstream in wanted.items()
        for number, order in orders.by_upstream(ctx.session, channel, upstream).items()
    }


def _repeat(first: Incoming, again: Incoming) -> Receipt:
    if sources.mapped(first) == sources.mapped(again):
        return Receipt("unchanged")
    message = "同一编号在本文件里出现两次且内容不同，以先出现的一行为准。"
    return Receipt(
        "rejected",
        error=RowError(again.row or 0, "工单编号", message, "请核对后把正确的一行单独导入。"),
    )


def _register(
    ctx: Context,
    letters: Sequence[Incoming],
    prepared: Sequence[Prepared] | None,
    *,
    with_codes: bool,
) -> list[Receipt]:
    rules = rulebook.current(ctx)
    if prepared is None:
        prepared = reading.prepare(ctx.settings, [(one.title, one.text) for one in letters])
    day = numbers.registration_day(ctx.now)
    position = orders.take_numbers(ctx.session, day, len(letters))
    rows: list[dict[str, Any]] = []
    codes: list[str] = []
    for offset, (letter, read) in enumerate(zip(letters, prepared, strict=True)):
        row = _row(ctx, rules, letter, read)
        row["number"] = numbers.order_number(day, position + offset)
        codes.append(numbers.new_lookup_code() if with_codes else "")
        row["lookup_mac"] = lookup_mac(ctx, codes[-1]) if with_codes else None
        rows.append(row)
    _store(ctx, letters, prepared, rows)
    return [
        Receipt("created", row["id"], row["number"], code)
        for row, code in zip(rows, codes, strict=True)
    ]


def lookup_mac(ctx: Context, code: str) -> str:
    """The HMAC under which a 查询码 is stored and found."""
    return ctx.keys.blind("lookup-code", numbers.normalise_code(code))


def _row(ctx: Context, rules: Rules, letter: Incoming, read: Prepared) -> dict[str, Any]:
    text = letter.text.strip()
    received_on = local(letter.received_at).date()
    row: dict[str, Any] = {
        "id": numbers.new_id(ctx.now),
        "channel": str(letter.channel),
        "via": str(letter.via),
        "upstream_no": letter.upstream_no or None,
        "version": 1,
        "round": 1,
        "title": (letter.title.strip() or _headline(text))[:LONGEST_TITLE],
        "text": text,
        "original_version": 1,
        "place": letter.place.strip(),
        "consent": letter.consent,
        "received_at": letter.received_at,
        "received_on": received_on,
        "date_only": letter.date_only,
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
    row.update(reading.suggest(rules, read, f"{letter.title}\n{text}"))
    if letter.request_type is not None:
        row["suggested_type"] = str(letter.request_type)
    if letter.urgency is not None and row["suggested_urgency"] in (None, "normal"):
        row["suggested_urgency"] = str(letter.urgency)
    return row


def _headline(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 30 else line[:29] + "…"


def _store(
    ctx: Context,
    letters: Sequence[Incoming],
    prepared: Sequence[Prepared],
    rows: list[dict[str, Any]],
) -> None:
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
    session.execute(insert(Order.__table__), rows)  # type: ignore[attr-defined]
    append(session, events)
    if clocks:
        session.execute(insert(Clock.__table__), clocks)  # type: ignore[attr-defined]
    pairs = list(zip(rows, letters, prepared, strict=True))
    session.execute(
        insert(Requester.__table__),  # type: ignore[attr-defined]
        [requesters.row(ctx.keys, row["id"], letter.requester) for row, letter, _ in pairs],
    )
    session.execute(
        insert(SourceRow.__table__),  # type: ignore[attr-defined]
        [sources.row(ctx.keys, row["id"], letter) for row, letter, _ in pairs],
    )
    session.execute(
        insert(Reading.__table__),  # type: ignore[attr-defined]
        [_reading(ctx, row, read) for row, _, read in pairs],
    )
    bands = [
        {"band": band, "order_id": row["id"]}
        for row, _, read in pairs
        for band in dict.fromkeys(read.bands)
    ]
    if bands:
        session.execute(insert(Fingerprint.__table__), bands)  # type: ignore[attr-defined]
    search.add_tokens(session, [(row["id"], read.words) for row, _, read in pairs])
    _keep_answers(ctx, pairs)


def _reading(ctx: Context, row: dict[str, Any], read: Prepared) -> dict[str, Any]:
    return {
        "order_id": row["id"],
        "sequence": 1,
        "original_version": 1,
        "at": ctx.now,
        "engine": next((f["engine"] for f in read.findings.values() if f["engine"]), ""),
        "findings": read.findings,
    }


def _keep_answers(ctx: Context, pairs: Sequence[tuple[dict[str, Any], Incoming, Prepared]]) -> None:
    answers: list[dict[str, Any]] = []
    acts: list[dict[str, Any]] = []
    for row, letter, _ in pairs:
        if not letter.answer or letter.answered_at is None:
            continue
        answer = {
            "id": numbers.new_id(ctx.now),
            "order_id": row["id"],
            "version": 1,
            "text": letter.answer.strip(),
            "note": "",
            "basis": "",
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
    if answers:
        ctx.session.execute(insert(Answer.__table__), answers)  # type: ignore[attr-defined]
        ctx.session.execute(insert(AnswerAct.__table__), acts)  # type: ignore[attr-defined]


def body_hash(parts: Sequence[str]) -> str:
    """A hash that tells whether two calls under one idempotency key asked for the same."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
