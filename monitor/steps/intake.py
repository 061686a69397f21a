"""Incoming → Order: refuse secrets, recognise the same upstream number, register."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from monitor.domain import numbers
from monitor.domain.errors import Incomplete
from monitor.domain.letters import EARLIEST_YEAR, Incoming, RowError
from monitor.domain.workdays import local
from monitor.services import preparing, reading, registry, rulebook, sources
from monitor.services.context import Context
from monitor.services.preparing import Read
from monitor.storage import orders
from monitor.storage.orders import Order

LONGEST_TEXT = 20_000

# Channel and upstream number of the rows of one file so far, with a digest of their content.
Seen = dict[tuple[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one record: created, updated, unchanged or rejected.

    A created one tells its first state and when its answer is due.
    """

    outcome: str
    order_id: UUID | None = None
    number: str = ""
    code: str = ""
    error: RowError | None = None
    state: str = ""
    due: datetime | None = None


def receive_one(
    ctx: Context,
    letter: Incoming,
    *,
    prepared: Sequence[Read] | None = None,
    form_token: str = "",
) -> Receipt:
    """Take one record; raises SecrecyMarked or Incomplete instead of rejecting silently.

    A form's one-time token gives the order its 查询码; the same token again gives the same order.
    """
    reading.refuse_secrets(*sources.every_text(letter))
    # Blanks and signs that nobody sees are no text.
    if not any(sign.isalnum() for sign in letter.text):
        raise Incomplete("内容不能为空。", fields={"text": "请写明诉求内容"})
    if len(letter.text) > LONGEST_TEXT:
        raise Incomplete(
            f"内容超过 {LONGEST_TEXT} 字。", fields={"text": "请压缩内容，或分成几件提交"}
        )
    if letter.received_at > ctx.now:
        raise Incomplete("收件时间晚于现在。", fields={"received_at": "请核对收件时间"})
    if local(letter.received_at).year < EARLIEST_YEAR:
        raise Incomplete(f"收件时间早于 {EARLIEST_YEAR} 年。", fields={"received_at": "请核对年份"})
    if not form_token:
        return receive(ctx, [letter], prepared=prepared)[0]
    code = _code_of_form(ctx, form_token)
    known = of_form(ctx, form_token)
    if known is not None:
        return Receipt("unchanged", known.id, known.number, code)
    return receive(ctx, [letter], prepared=prepared, codes=[code])[0]


def written(letters: Sequence[Incoming]) -> list[bytes | None]:
    """The mapped cells of each record as they will be kept; None of one marked as a secret."""
    return [
        None if reading.marked(*sources.every_text(letter)) else sources.written(letter)
        for letter in letters
    ]


def receive(
    ctx: Context,
    letters: Sequence[Incoming],
    *,
    cells: Sequence[bytes | None] | None = None,
    prepared: Sequence[Read] | None = None,
    with_codes: bool = False,
    codes: Sequence[str] = (),
    seen: Seen | None = None,
) -> list[Receipt]:
    """Take records in one transaction; the only door by which an order comes to be.

    A record under a known upstream number updates the upstream's own part of that order, or
    nothing. A record with a mark of secrecy is refused; the refusal, not the text, is an event.
    `seen` holds the numbers of one file over many calls: the first of a number wins. `cells` are
    what `written` says of the records, where that was asked before.
    """
    seen = {} if seen is None else seen
    receipts: list[Receipt | None] = [None] * len(letters)
    fresh: list[int] = []
    if any(letter.upstream_no for letter in letters):
        orders.alone(ctx.session)
    known = _known(ctx, letters)
    said: dict[int, bytes] = {}
    cells = written(letters) if cells is None else cells
    for place, (letter, kept) in enumerate(zip(letters, cells, strict=True)):
        if kept is None:
            ctx.record_system("secrecy_refused", via=str(letter.via), row=letter.row)
            receipts[place] = _refused(letter)
            continue
        said[place] = kept
        repeat = _repeated(letter, kept, seen)
        order = known.get((str(letter.channel), letter.upstream_no or ""))
        if repeat is not None:
            receipts[place] = repeat
        elif order is not None:
            outcome = sources.update(ctx, order, letter)
            receipts[place] = Receipt(outcome, order.id, order.number)
        else:
            fresh.append(place)
    if fresh:
        given = [prepared[place] for place in fresh] if prepared else None
        if with_codes:
            codes = [numbers.new_lookup_code() for _ in letters]
        theirs = [codes[place] for place in fresh] if codes else [""] * len(fresh)
        taken = [(letters[place], said[place]) for place in fresh]
        created = _register(ctx, taken, given, theirs)
        for place, receipt in zip(fresh, created, strict=True):
            receipts[place] = receipt
    return [receipt for receipt in receipts if receipt is not None]


def rehearse(ctx: Context, letters: Sequence[Incoming], seen: Seen) -> list[Receipt]:
    """What `receive` would do with these records, writing nothing; `seen` spans many calls."""
    receipts = []
    known = _known(ctx, letters)
    for letter, kept in zip(letters, written(letters), strict=True):
        if kept is None:
            receipts.append(_refused(letter))
            continue
        repeat = _repeated(letter, kept, seen)
        order = known.get((str(letter.channel), letter.upstream_no or ""))
        if repeat is not None:
            receipts.append(repeat)
        elif order is not None:
            changed = sources.difference(ctx, order, letter) is not None
            receipts.append(Receipt("updated" if changed else "unchanged", order.id, order.number))
        else:
            receipts.append(Receipt("created"))
    return receipts


def _refused(letter: Incoming) -> Receipt:
    message = "该行带有密级标志，未作任何保存。"
    return Receipt("rejected", error=RowError(letter.row or 0, "", message, "请改走机要渠道。"))


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


def note_seen(letters: Sequence[Incoming], seen: Seen) -> None:
    """Rows that an earlier run has stored: their numbers count as seen in this file."""
    for letter in letters:
        _repeated(letter, sources.written(letter), seen)


def _repeated(letter: Incoming, said: bytes, seen: Seen) -> Receipt | None:
    """What becomes of a number that this file has held before; None at its first row."""
    if not letter.upstream_no:
        return None
    key = (str(letter.channel), letter.upstream_no)
    content = sources.content(said)
    if key not in seen:
        seen[key] = content
        return None
    if seen[key] == content:
        return Receipt("unchanged")
    message = "同一编号在本文件里出现两次且内容不同，以先出现的一行为准。"
    return Receipt(
        "rejected",
        error=RowError(letter.row or 0, "工单编号", message, "请核对后把正确的一行单独导入。"),
    )


def _register(
    ctx: Context,
    taken: Sequence[tuple[Incoming, bytes]],
    prepared: Sequence[Read] | None,
    codes: Sequence[str],
) -> list[Receipt]:
    rules = rulebook.current(ctx)
    letters, said = [letter for letter, _ in taken], [cells for _, cells in taken]
    texts = [(one.title, one.text) for one in letters]
    wholes = (
        preparing.prepare_whole(ctx.settings, rules.guide, texts)
        if prepared is None
        else preparing.complete(rules.guide, prepared, texts)
    )
    day = numbers.registration_day(ctx.now)
    position = orders.take_numbers(ctx.session, day, len(letters))
    rows: list[dict[str, Any]] = []
    for offset, (letter, whole) in enumerate(zip(letters, wholes, strict=True)):
        row = registry.row(ctx, rules, letter, whole)
        # Lists end their sorting by id: with equal times the lower number stands first.
        row["id"] = numbers.new_id(ctx.now, position + offset)
        row["number"] = numbers.order_number(day, position + offset)
        row["lookup_mac"] = lookup_mac(ctx, codes[offset]) if codes[offset] else None
        rows.append(row)
    due = registry.write(ctx, letters, said, wholes, rows)
    return [
        Receipt(
            "created", row["id"], row["number"], code, state=row["state"], due=due.get(row["id"])
        )
        for row, code in zip(rows, codes, strict=True)
    ]


def of_form(ctx: Context, form_token: str) -> Order | None:
    """The order that came of the form with this token, if one did."""
    return orders.by_lookup(ctx.session, lookup_mac(ctx, _code_of_form(ctx, form_token)))


def _code_of_form(ctx: Context, form_token: str) -> str:
    seed = hmac.digest(ctx.keys.purpose("form"), form_token.encode(), "sha256")
    return numbers.lookup_code(seed)


def lookup_mac(ctx: Context, code: str) -> str:
    """The HMAC under which a 查询码 is stored and found."""
    return ctx.keys.blind("lookup-code", numbers.normalise_code(code))
