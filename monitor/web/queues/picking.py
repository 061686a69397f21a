"""Many orders at once: what may be done to the ticked rows, and what their form sends."""

from dataclasses import dataclass

from monitor.domain.errors import Incomplete
from monitor.domain.numbers import is_order_number
from monitor.domain.vocabulary import Role
from monitor.services.context import Context
from monitor.storage import people
from monitor.tasks.bulk import MOST, Pick

BULK = "/desk/bulk"


@dataclass(frozen=True)
class Offered:
    """The bar below a list: the deeds of this person, his people, where to come back to."""

    sign: bool
    staff: tuple[tuple[str, str], ...]
    back: str
    most: int = MOST


def offered(ctx: Context, back: str) -> Offered:
    """What this person may do to many; whether each order allows it, the step will say."""
    who = ctx.person
    section = who.section or ""
    heads = who.has(Role.SECTION_HEAD) and section
    staff = people.handlers(ctx.session, section) if heads else []
    return Offered(
        sign=who.has(Role.HANDLER, Role.SECTION_HEAD) and bool(section),
        staff=tuple((person.username, person.name) for person in staff),
        back=back,
    )


def picks(sent: list[str]) -> list[Pick]:
    """The ticked rows, each with the version that was looked at; the same row counts once."""
    found: dict[str, Pick] = {}
    for one in sent:
        number, _, seen = one.partition(":")
        if not is_order_number(number) or not (
            seen.isascii() and seen.isdigit() and len(seen) < 10
        ):
            raise Incomplete("选中的工单里有一项读不懂。", remedy="请刷新列表后重新选。")
        found[number] = Pick(number, int(seen))
    if not found:
        raise Incomplete("还没有选工单。", remedy="请在列表左边勾选，或用空格键选中当前行。")
    if len(found) > MOST:
        raise Incomplete(f"一次最多办 {MOST} 件，选了 {len(found)} 件。", remedy="请分几次办。")
    return list(found.values())


def numbers(sent: str) -> list[str]:
    """The orders named in an address, each once."""
    return [one for one in dict.fromkeys(sent.split(",")) if is_order_number(one)]
