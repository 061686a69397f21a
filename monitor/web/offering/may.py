"""What a caller may do with an order now, what must be given, why not: the offers as JSON."""

from pydantic import BaseModel

from monitor.domain.lifecycle import MOVES
from monitor.domain.vocabulary import State
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.orders import Order
from monitor.web.orders import forms, offers
from monitor.web.orders.forms import Facts


class FieldOut(BaseModel):
    """One thing to give; `options` are the values that are taken, where it is a choice."""

    name: str
    label: str
    required: bool
    options: list[str]


class MoveOut(BaseModel):
    """One move of this state; `why` is empty when the caller may make it."""

    name: str
    label: str
    allowed: bool
    why: str
    effect: str
    basis: str
    by: str
    fields: list[FieldOut]


class Moves(BaseModel):
    """Every move of the state in which an order stands; `version` goes into `seen`."""

    number: str
    state: str
    version: int
    moves: list[MoveOut]


def moves(ctx: Context, order: Order) -> Moves:
    """The same offers that the order page draws its buttons and forms from."""
    staff = people.handlers(ctx.session, order.section) if order.section else []
    facts = Facts(ctx, order, rulebook.current(ctx), people.sections(ctx.session), staff)
    found = offers.offers(facts, offers.standing(ctx, order), "")
    return Moves(
        number=order.number,
        state=State(order.state).label,
        version=order.version,
        moves=[
            MoveOut(
                name=offer.name,
                label=offer.label,
                allowed=not offer.why,
                why=offer.why,
                effect=offer.effect,
                basis=offer.basis,
                by=MOVES[offer.name].by.value,
                fields=_fields(facts, offer),
            )
            for offer in found
        ],
    )


def _fields(facts: Facts, offer: offers.Offer) -> list[FieldOut]:
    drawn = offer.fields or forms.fields(facts, offer.name)
    found = [
        FieldOut(
            name=field["name"],
            label=field["label"],
            required=not field["optional"],
            options=[value for value, _ in field["options"]],
        )
        for field in drawn
    ]
    names = {field.name for field in found}
    # Long texts have an editor of their own on the page, beside the forms.
    return found + [
        FieldOut(name=name, label=forms.label_of(name), required=True, options=[])
        for name in MOVES[offer.name].given
        if name not in names
    ]
