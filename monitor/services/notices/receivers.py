"""Who is told: the people of a place as the roster has them today, or whoever stands for them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from monitor.domain.supervision import escalation
from monitor.domain.supervision.cards import Receiver
from monitor.domain.supervision.escalation import Absences, Told
from monitor.domain.supervision.rota import Away
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.orders import Order
from monitor.storage.people import Person
from monitor.storage.supervision import roster

_ROLES = {Receiver.REVIEWER: Role.REVIEWER, Receiver.LEADER: Role.LEADER}
_OF_A_SECTION = frozenset({Receiver.HANDLER, Receiver.SECTION_HEAD})


def of(ctx: Context, order: Order, section: str | None, tells: Sequence[Receiver]) -> list[Told]:
    """Everybody whom these places come to today, each once.

    A matter that no section has yet is the duty staff's.
    """
    places = _Places(ctx, order, section)
    asked = [places.asked(receiver) for receiver in tells]
    return escalation.reach(list(dict.fromkeys(asked)), places.holders, _absences(ctx, places))


def above(
    ctx: Context, order: Order, section: str | None, step: Receiver, unseen: Sequence[UUID]
) -> list[Told]:
    """Who is told one step up of what these people have not looked at."""
    places = _Places(ctx, order, section)
    return escalation.rise(step, unseen, places.holders, _absences(ctx, places))


def on_duty(ctx: Context, staff: Sequence[Person]) -> list[Person]:
    """The duty staff of today by the roster; all of them on a day for which nobody is planned."""
    today = local(ctx.now).date()
    duty = [one for one in staff if Role.DUTY in one.roles]
    planned = {one.person_id for one in roster.on_duty(ctx.session, today, today)}
    return [one for one in duty if one.id in planned] or duty


class _Places:
    """Who holds which place for one order."""

    def __init__(self, ctx: Context, order: Order, section: str | None) -> None:
        self._ctx, self._order, self._section = ctx, order, section
        self.staff = [one for one in people.everyone(ctx.session) if one.active]

    def asked(self, receiver: Receiver) -> Receiver:
        """The place itself, or the duty desk while no section has the matter."""
        nobody = self._section is None and receiver in _OF_A_SECTION
        return Receiver.DUTY if nobody else receiver

    def holders(self, receiver: Receiver) -> list[UUID]:
        """The active people of a place."""
        return [one.id for one in self._people(receiver)]

    def _people(self, receiver: Receiver) -> list[Person]:
        if receiver is Receiver.DUTY:
            return on_duty(self._ctx, self.staff)
        if receiver in _ROLES:
            return [one for one in self.staff if _ROLES[receiver] in one.roles]
        heads = [one for one in self.staff if Role.SECTION_HEAD in one.roles]
        if receiver is Receiver.OFFICE_HEAD:
            known = people.sections(self._ctx.session).values()
            offices = {one.code for one in known if one.office}
            return [one for one in heads if one.section in offices]
        if receiver is Receiver.HANDLER:
            own = [one for one in self.staff if one.section == self._section]
            return [one for one in own if one.id == self._order.handler_id]
        return [one for one in heads if one.section == self._section]


def _absences(ctx: Context, places: _Places) -> Absences:
    today = local(ctx.now).date()
    names: Mapping[UUID, str] = {one.id: one.name for one in places.staff}
    away = {
        one.person_id: f"{names[one.person_id]}{Away(one.kind).label}"
        for one in roster.away(ctx.session, today)
        if one.person_id in names
    }
    stand_ins: dict[UUID, list[UUID]] = {}
    for deputy in people.standing_in(ctx.session, today):
        if deputy.deputy_id in names:
            stand_ins.setdefault(deputy.person_id, []).append(deputy.deputy_id)
    return Absences(away, stand_ins)
