"""The upstream's own part of an order: what came, kept encrypted; what changed, told apart."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson

from monitor.domain.letters import Incoming, tidy
from monitor.domain.letters import Requester as Details
from monitor.services import aligning, copies, preparing, rulebook
from monitor.services.context import Context
from monitor.storage import orders, requesters, search
from monitor.storage.crypto import Keyring
from monitor.storage.imports import SourceRow
from monitor.storage.orders import Order, Original, Reading

_DETAILS = requesters.FIELDS


def every_text(letter: Incoming) -> Iterator[str]:
    """Every text of a record that would be stored anywhere, kept original included."""
    yield from (letter.title, letter.text, letter.place, letter.answer or "")
    yield from (getattr(letter.requester, name) for name in _DETAILS)
    yield letter.upstream_no or ""
    yield from letter.upstream.values()
    for header, cell in letter.source.items():
        yield header
        yield cell


def mapped(letter: Incoming) -> dict[str, str]:
    """The normalised mapped cells that were given; a blank one says nothing."""
    cells = {
        "title": letter.title.strip(),
        "text": tidy(letter.text),
        "place": letter.place.strip(),
        "received_at": letter.received_at.isoformat(),
        "consent": "" if letter.consent is None else str(letter.consent),
        "request_type": str(letter.request_type or ""),
        "urgency": str(letter.urgency or ""),
        "upstream_due": letter.upstream_due.isoformat() if letter.upstream_due else "",
        "answer": tidy(letter.answer or ""),
        "answered_at": letter.answered_at.isoformat() if letter.answered_at else "",
        **{f"requester.{name}": getattr(letter.requester, name).strip() for name in _DETAILS},
        **{f"upstream.{name}": value.strip() for name, value in letter.upstream.items()},
    }
    return {name: value for name, value in cells.items() if value}


def written(letter: Incoming) -> bytes:
    """The mapped cells as one JSON text, the same for the same cells."""
    return _written(mapped(letter))


def content(said: bytes) -> bytes:
    """A digest of mapped cells as they are written; only compared, never stored."""
    return hashlib.blake2b(said, digest_size=16).digest()


def row(keys: Keyring, order_id: UUID, letter: Incoming, said: bytes) -> dict[str, Any]:
    """The encrypted source row to store beside a new order; `said` are its written cells."""
    return _sealed(keys, order_id, said, dict(letter.source), tidy(letter.text))


def update(ctx: Context, order: Order, letter: Incoming) -> str:
    """Take over what the upstream changed in its own part: "updated", or "unchanged".

    What our people decided is never touched; state, answer and times of the upstream are stored
    and shown and move nothing.
    """
    found = difference(ctx, order, letter)
    stored = ctx.session.get(SourceRow, order.id)
    if found is None or stored is None:
        return "unchanged"
    merged, changed, cells = found
    ctx.hold(order)
    fresh = _sealed(ctx.keys, order.id, _written(merged), cells, merged.get("text", ""))
    stored.body, stored.digest = fresh["body"], fresh["digest"]
    ctx.session.add(stored)
    if {"title", "text"} & set(changed):
        _new_original(ctx, order, letter)
    if "place" in changed:
        order.place = letter.place.strip()
    if letter.consent is False:
        copies.take_back_consent(ctx, order, "上级平台改为不公开")
    copied = {
        name: value
        for name, value in merged.items()
        if name in {"received_at", "request_type", "urgency", "answer", "answered_at"}
        and name in changed
    }
    order.upstream = {**order.upstream, **letter.upstream, **copied}
    if any(name.startswith("requester.") for name in changed):
        _update_requester(ctx, order, letter.requester)
    order.version += 1
    ctx.record("upstream_changed", order, fields=changed)
    if "upstream_due" in changed and letter.upstream_due is not None:
        order.upstream_due = letter.upstream_due
        aligning.set_given_due(ctx, order, letter.upstream_due)
    return "updated"


def difference(
    ctx: Context, order: Order, letter: Incoming
) -> tuple[dict[str, str], list[str], dict[str, str]] | None:
    """The merged mapped cells, the names that differ, all cells; None where nothing differs.

    A column that is absent touches nothing, a blank cell erases nothing.
    """
    stored = ctx.session.get(SourceRow, order.id)
    now = mapped(letter)
    if stored is None or stored.digest == _digest(ctx.keys, order.id, _written(now)):
        return None
    kept = orjson.loads(ctx.keys.decrypt(stored.body, _bound(order.id)))
    merged = {**kept["mapped"], **now}
    changed = sorted(name for name in merged if merged[name] != kept["mapped"].get(name))
    cells = dict.fromkeys(kept.get("text_in", ()), kept["mapped"].get("text", ""))
    return (merged, changed, {**cells, **kept["cells"], **letter.source}) if changed else None


def _new_original(ctx: Context, order: Order, letter: Incoming) -> None:
    session = ctx.session
    if order.original_version == 1:
        session.add(
            Original(
                order_id=order.id, version=1, title=order.title, text=order.text,
                at=order.registered_at, by=order.registered_by,
            )
        )  # fmt: skip
    order.original_version += 1
    order.title = letter.title.strip() or order.title
    order.text = tidy(letter.text) or order.text
    session.add(
        Original(
            order_id=order.id, version=order.original_version, title=order.title,
            text=order.text, at=ctx.now, by=ctx.person.label,
        )
    )  # fmt: skip
    rules = rulebook.current(ctx)
    prepared = preparing.prepare(ctx.settings, rules.words, [(order.title, order.text)])[0]
    found = preparing.suggest(rules.guide, prepared, f"{order.title}\n{order.text}")
    for name, value in found.items():
        setattr(order, name, value)
    last = orders.last_reading(session, order.id)
    session.add(
        Reading(
            order_id=order.id,
            sequence=last.sequence + 1 if last else 1,
            original_version=order.original_version,
            at=ctx.now,
            engine=last.engine if last else "",
            findings=prepared.findings,
        )
    )
    search.retire(session, order.id, public=False)
    search.add_tokens(session, [(order.id, prepared.words)])


def _update_requester(ctx: Context, order: Order, given: Details) -> None:
    stored = requesters.of_order(ctx.session, order.id)
    if stored is None:
        return
    old = requesters.reveal(ctx.keys, stored)
    details = Details(**{n: getattr(given, n).strip() or getattr(old, n) for n in _DETAILS})
    for name, value in requesters.row(ctx.keys, order.id, details).items():
        setattr(stored, name, value)
    ctx.session.add(stored)


def _written(cells: dict[str, str]) -> bytes:
    return orjson.dumps(cells, option=orjson.OPT_SORT_KEYS)


def _sealed(
    keys: Keyring, order_id: UUID, said: bytes, cells: dict[str, str], text: str
) -> dict[str, Any]:
    # The text is most of a record: the cell that holds it is only named.
    same = [header for header, cell in cells.items() if cell == text]
    for header in same:
        del cells[header]
    body = b'{"mapped":%b,"cells":%b,"text_in":%b}' % (
        said, orjson.dumps(cells), orjson.dumps(same),
    )  # fmt: skip
    return {
        "order_id": order_id,
        "body": keys.seal(body, _bound(order_id)),
        "digest": _digest(keys, order_id, said),
    }


def _digest(keys: Keyring, order_id: UUID, said: bytes) -> str:
    return hmac.digest(keys.purpose("source-row"), order_id.bytes + said, "sha256").hex()


def _bound(order_id: UUID) -> bytes:
    return order_id.bytes + b"source"
