"""Who is told of a card: the people of a place, and whoever stands in for them today."""

from collections.abc import Sequence
from uuid import UUID

from monitor.domain.supervision.cards import Receiver
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.orders import Order
from monitor.storage.people import Person

_ROLES = {
    Receiver.DUTY: Role.DUTY,
    Receiver.REVIEWER: Role.REVIEWER,
    Receiver.LEADER: Role.LEADER,
}


def of(ctx: Context, order: Order, section: str | None, tells: Sequence[Receiver]) -> list[Person]:
    """The active people whom a card names, each once, deputies beside those they stand in for.

    A matter that no section has yet is the duty staff's.
    """
    staff = [one for one in people.everyone(ctx.session) if one.active]
    found: dict[UUID, Person] = {}
    for receiver in tells:
        for person in _people(ctx, order, section, receiver, staff):
            found.setdefault(person.id, person)
    by_id = {one.id: one for one in staff}
    for deputy in people.standing_in(ctx.session, local(ctx.now).date()):
        if deputy.person_id in found and deputy.deputy_id in by_id:
            found.setdefault(deputy.deputy_id, by_id[deputy.deputy_id])
    return list(found.values())


def _people(
    ctx: Context, order: Order, section: str | None, receiver: Receiver, staff: Sequence[Person]
) -> list[Person]:
    if receiver in _ROLES:
        return [one for one in staff if _ROLES[receiver] in one.roles]
    if receiver is Receiver.OFFICE_HEAD:
        offices = {one.code for one in people.sections(ctx.session).values() if one.office}
        return [one for one in staff if one.section in offices and Role.SECTION_HEAD in one.roles]
    if section is None:
        return [one for one in staff if Role.DUTY in one.roles]
    own = [one for one in staff if one.section == section]
    if receiver is Receiver.HANDLER:
        return [one for one in own if one.id == order.handler_id]
    return [one for one in own if Role.SECTION_HEAD in one.roles]
