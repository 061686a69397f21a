"""What nearly says the same as a letter: repeats of a matter, the same about another place."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from classifiers import similar
from classifiers.similar import Letter
from monitor.services.context import Context
from monitor.storage import orders, requesters, search
from monitor.storage.index import sharing
from monitor.storage.orders import Order

# Of the orders that share bands of the fingerprint so many are compared letter by letter.
_COMPARED = 40
# Of the newest that hold a telling word so many are looked at, and how many such words it takes.
_RETOLD, _WORDS_HELD = 120, 2
# So many orders from one telephone are a switchboard's; of a person's so many are shown.
_SWITCHBOARD, _CALLS = 20, 3
# For each row of a list: so many others, each sharing so many bands.
_A_ROW, _BANDS_HELD = 4, 2


@dataclass(frozen=True, slots=True)
class Near:
    """Another order that resembles a letter: how much, the phrases both say, places that differ.

    Of two places that stand against each other the letter's own is the first. A `caller` is one
    who wrote from the same telephone.
    """

    order: Order
    score: float
    shared: tuple[str, ...]
    elsewhere: tuple[str, str] | None = None
    caller: bool = False


@dataclass(frozen=True, slots=True)
class Repeats:
    """How many others nearly say the same as an order, and how many do so of another place."""

    same: int = 0
    elsewhere: int = 0


def of_text(
    ctx: Context,
    text: str,
    *,
    title: str = "",
    place: str = "",
    excluding: UUID | None = None,
    most: int = 5,
) -> list[Near]:
    """Orders that nearly say the same, among those the person may see.

    First those that may be repeats, the likest first; then those about another place.
    """
    found = sharing.counted(ctx.session, set(similar.fingerprint(text)))
    worth = [id_ for id_ in found if id_ != excluding][:_COMPARED]
    mine = Letter(text, title=title, place=place)
    return _best(ctx, mine, worth, similar.nearness(), most)


def of_order(ctx: Context, order: Order, *, most: int = 5) -> list[Near]:
    """The same for an order in hand; last what came from the same telephone in other words."""
    callers = requesters.of_same_phone(ctx.session, order.id, _SWITCHBOARD)
    found = sharing.counted(ctx.session, set(similar.fingerprint(order.text)))
    worth = [id_ for id_ in found if id_ != order.id][:_COMPARED]
    mine = Letter(order.text, title=order.title, place=order.place)
    if len(callers) == _SWITCHBOARD:
        callers = []
    return _best(ctx, mine, worth, similar.nearness(), most, callers)


def alike(ctx: Context, order: Order, *, most: int) -> list[Near]:
    """Orders that may be about the same thing in other words: by telling words as well."""
    words = similar.keywords(order.text)
    retold = search.any_of(ctx.session, words, limit=_RETOLD) if words else []
    said = orders.worded(ctx.session, ctx.person, retold)
    held = {id_: sum(word in text for word in words) for id_, (text, _, _) in said.items()}
    telling = [id_ for id_ in held if held[id_] >= _WORDS_HELD]
    telling.sort(key=lambda id_: (held[id_], id_), reverse=True)
    copies = sharing.counted(ctx.session, set(similar.fingerprint(order.text)))
    worth = [id_ for id_ in dict.fromkeys([*copies, *telling]) if id_ != order.id]
    mine = Letter(order.text, title=order.title, place=order.place)
    return _best(ctx, mine, worth[: 2 * _COMPARED], similar.likeness(), most)


def counted(ctx: Context, found: Sequence[Order]) -> dict[UUID, Repeats]:
    """How many others repeat each of these orders, for the rows of one page: three questions."""
    bands = {order.id: set(similar.fingerprint(order.text)) for order in found}
    every = set().union(*bands.values())
    entries = sharing.entries(ctx.session, every, each=_A_ROW + 1)
    shared = {
        id_: Counter(entry for band in of_one for entry in entries.get(band, ()))
        for id_, of_one in bands.items()
    }
    tried = {
        id_: [entry for entry, times in held.most_common(_A_ROW + 1) if times >= _BANDS_HELD]
        for id_, held in shared.items()
    }
    owners = sharing.owners_of(ctx.session, sorted(set().union(*tried.values())))
    others = {
        id_: {owners[entry] for entry in of_one if entry in owners} - {id_}
        for id_, of_one in tried.items()
    }
    letters = _letters(ctx, set().union(*others.values(), bands))
    told = {id_: _count(letters, id_, theirs) for id_, theirs in others.items() if theirs}
    return {id_: repeats for id_, repeats in told.items() if repeats != Repeats()}


def _count(letters: Mapping[UUID, Letter], id_: UUID, others: Iterable[UUID]) -> Repeats:
    mine = letters.get(id_)
    if mine is None:
        return Repeats()
    near = [
        letters[other]
        for other in others
        if other in letters and mine.resemblance(letters[other]) >= similar.nearness()
    ]
    elsewhere = sum(mine.elsewhere(other) is not None for other in near)
    return Repeats(len(near) - elsewhere, elsewhere)


def _best(
    ctx: Context, mine: Letter, worth: Sequence[UUID], least: float, most: int,
    callers: Sequence[UUID] = (),
) -> list[Near]:  # fmt: skip
    letters = _letters(ctx, [*worth, *callers])
    scores = {
        id_: mine.resemblance(letters[id_])
        for id_ in dict.fromkeys([*worth, *callers])
        if id_ in letters
    }
    close = [id_ for id_ in worth if scores.get(id_, -1.0) >= least]
    # A few more than are shown: those about another place make room for repeats.
    best = heapq.nlargest(2 * most, close, key=lambda id_: (scores[id_], id_))
    places = {id_: mine.elsewhere(letters[id_]) for id_ in best}
    best.sort(key=lambda id_: places[id_] is not None)
    # However little alike: one who called before may tell the same matter anew.
    again = [id_ for id_ in callers if id_ in letters and id_ not in best[:most]]
    shown = [*best[:most], *again[:_CALLS]]
    known = orders.by_ids(ctx.session, shown)
    return [
        Near(
            known[id_], scores[id_], similar.shared(mine.text, letters[id_].text),
            places.get(id_), id_ in callers,
        )
        for id_ in shown
    ]  # fmt: skip


def _letters(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, Letter]:
    """The letters of those the person may see; equal ones are read once."""
    said = orders.worded(ctx.session, ctx.person, set(ids))
    read: dict[tuple[str, str, str], Letter] = {}
    return {
        id_: read.setdefault(words, Letter(words[0], title=words[1], place=words[2]))
        for id_, words in said.items()
    }
