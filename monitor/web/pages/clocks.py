"""The time of an order: more of it, asked and decided; and where a law lets it stand."""

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from monitor.domain.access import DESK_ROLES
from monitor.steps.timing import choosing, extending, pausing, pledging, receiving
from monitor.web.deps import Number
from monitor.web.guard import desk_router
from monitor.web.navigation import Page
from monitor.web.offering.chosen import Chosen, Rereckoned
from monitor.web.offering.extended import Extended, ExtensionAsked
from monitor.web.offering.paused import (
    Corrected,
    CorrectionAsked,
    Paused,
    ReceiptConfirmed,
    Resumed,
)
from monitor.web.offering.pledged import Confirmed, Dropped, Kept, Renewed
from monitor.web.orders.doing import act
from monitor.web.orders.given import Reasoned

router = desk_router(*DESK_ROLES)
PAGE = Page(router, "延期、停表、改用规则")
ORDER = "/desk/orders/{number}"


@router.post(f"{ORDER}/ask_extension")
def ask_extension(
    request: Request, number: Number, form: Annotated[ExtensionAsked, Form()]
) -> Response:
    """申请延期."""
    return act(request, number, "ask_extension", form, extending.ask)


@router.post(f"{ORDER}/extend")
def extend(request: Request, number: Number, form: Annotated[Extended, Form()]) -> Response:
    """同意延期."""
    return act(request, number, "extend", form, extending.grant)


@router.post(f"{ORDER}/refuse_extension")
def refuse_extension(
    request: Request, number: Number, form: Annotated[Reasoned, Form()]
) -> Response:
    """不同意延期."""
    return act(request, number, "refuse_extension", form, extending.refuse)


@router.post(f"{ORDER}/pause_clock")
def pause_clock(request: Request, number: Number, form: Annotated[Paused, Form()]) -> Response:
    """暂停计时."""
    return act(request, number, "pause_clock", form, pausing.pause)


@router.post(f"{ORDER}/resume_clock")
def resume_clock(request: Request, number: Number, form: Annotated[Resumed, Form()]) -> Response:
    """恢复计时."""
    return act(request, number, "resume_clock", form, pausing.resume)


@router.post(f"{ORDER}/ask_correction")
def ask_correction(
    request: Request, number: Number, form: Annotated[CorrectionAsked, Form()]
) -> Response:
    """告知补正."""
    return act(request, number, "ask_correction", form, pausing.ask_correction)


@router.post(f"{ORDER}/receive_correction")
def receive_correction(
    request: Request, number: Number, form: Annotated[Corrected, Form()]
) -> Response:
    """收到补正."""
    return act(request, number, "receive_correction", form, pausing.receive_correction)


@router.post(f"{ORDER}/abandon")
def abandon(request: Request, number: Number, form: Annotated[Reasoned, Form()]) -> Response:
    """逾期不补正，视为放弃."""
    return act(request, number, "abandon", form, pausing.abandon)


@router.post(f"{ORDER}/choose_rule")
def choose_rule(request: Request, number: Number, form: Annotated[Chosen, Form()]) -> Response:
    """改用时限规则."""
    return act(request, number, "choose_rule", form, choosing.choose)


@router.post(f"{ORDER}/rereckon")
def rereckon(request: Request, number: Number, form: Annotated[Rereckoned, Form()]) -> Response:
    """按现行规则重算."""
    return act(request, number, "rereckon", form, choosing.rereckon)


@router.post(f"{ORDER}/confirm_pledge")
def confirm_pledge(
    request: Request, number: Number, form: Annotated[Confirmed, Form()]
) -> Response:
    """确认承诺."""
    return act(request, number, "confirm_pledge", form, pledging.confirm)


@router.post(f"{ORDER}/drop_pledge")
def drop_pledge(request: Request, number: Number, form: Annotated[Dropped, Form()]) -> Response:
    """不是承诺."""
    return act(request, number, "drop_pledge", form, pledging.drop)


@router.post(f"{ORDER}/keep_pledge")
def keep_pledge(request: Request, number: Number, form: Annotated[Kept, Form()]) -> Response:
    """兑现承诺."""
    return act(request, number, "keep_pledge", form, pledging.keep)


@router.post(f"{ORDER}/renew_pledge")
def renew_pledge(request: Request, number: Number, form: Annotated[Renewed, Form()]) -> Response:
    """重新承诺."""
    return act(request, number, "renew_pledge", form, pledging.renew)


@router.post(f"{ORDER}/confirm_receipt")
def confirm_receipt(
    request: Request, number: Number, form: Annotated[ReceiptConfirmed, Form()]
) -> Response:
    """确认收到."""
    return act(request, number, "confirm_receipt", form, receiving.confirm)
