"""What a row of the table of moves says, and whose act a move can be."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.vocabulary import Promise, State


class By(StrEnum):
    """Whose act a move is."""

    DUTY = "值班员"
    SECTION = "主办科室"
    SECTION_HEAD = "主办科室负责人"
    CO_SECTION = "协办科室"
    LEAD_OR_OFFICE = "主办科室或办公室"
    DUTY_OR_OFFICE = "值班员或办公室"
    WHOEVER_HAS_IT = "值班员、主办科室或办公室"
    OFFICE = "办公室"
    OFFICE_HEAD = "办公室负责人"
    REVIEWERS = "审核人"
    RELEASER = "办公室审核"
    LEADER = "分管领导"
    OFFICE_HEAD_OR_LEADER = "办公室负责人或分管领导"
    CHASER = "值班员、办公室、分管领导或主办科室负责人"
    DOOR = "系统"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table; `target` None leaves the state as it is.

    `beside`: nobody's work on the order is out of date by it, so that its version stays too.
    `settled`: it would end the order with what its answers promise, so that each promise has to be
    settled before; a requester who withdraws waives them.
    """

    name: str
    label: str
    sources: frozenset[State | None]
    target: State | None
    by: By
    given: tuple[str, ...] = ()
    starts: tuple[Promise, ...] = ()
    ends: tuple[Promise, ...] = ()
    cancels: tuple[Promise, ...] = ()
    basis: str = ""
    effect: str = ""
    beside: bool = False
    settled: bool = False


def row(
    name: str,
    label: str,
    sources: "State | frozenset[State] | None",
    target: State | None,
    by: By,
    *given: str,
    starts: tuple[Promise, ...] = (),
    ends: tuple[Promise, ...] = (),
    cancels: tuple[Promise, ...] = (),
    basis: str = "",
    effect: str = "",
    beside: bool = False,
    settled: bool = False,
) -> Move:
    """One row of the table, from one state, from several or from nowhere."""
    one: frozenset[State | None] = (
        frozenset(sources) if isinstance(sources, frozenset) else frozenset({sources})
    )
    return Move(
        name, label, one, target, by, given, starts, ends, cancels, basis, effect, beside, settled
    )
