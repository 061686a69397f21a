"""The first-day tour: its places by role from data/tour.toml, and how far a person has come."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monitor.domain.access import Acting
from monitor.domain.vocabulary import Role
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.people import Person

_KEY = "tour"
OFFERED, UNDER_WAY, LEFT, DONE = "offered", "under way", "left", "done"


@dataclass(frozen=True, slots=True)
class Step:
    """One place of the tour; `anchor` is "#id" or ".class" of the element that is explained."""

    role: Role
    page: str
    anchor: str
    heading: str
    sentence: str

    def address(self, place: int) -> str:
        """The page, with the box of this step."""
        return f"{self.page}?tour={place}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody has come: the number of the step, and whether he left or is through."""

    place: int = 1
    state: str = ""


def steps(ctx: Context) -> list[Step]:
    """The tour of the person's roles; what two of them share is shown once."""
    return steps_for(ctx.settings.data_dir, ctx.person)


def steps_for(data_dir: Path, person: Acting) -> list[Step]:
    """The tour of an acting person."""
    found: dict[tuple[str, str], Step] = {}
    for step in _all(data_dir / "tour.toml"):
        if person.has(step.role):
            found.setdefault((step.page, step.anchor), step)
    return list(found.values())


def standing(ctx: Context) -> Standing:
    """How far the person has come."""
    person = _me(ctx)
    kept = person.settings.get(_KEY, {}) if person is not None else {}
    last = max(1, len(steps(ctx)))
    return Standing(min(max(1, int(kept.get("place", 1))), last), str(kept.get("state", "")))


def offer(ctx: Context, person: Person) -> None:
    """Let the tour begin at the first login of somebody who was never here."""
    if _KEY not in person.settings and person.id not in people.last_logins(ctx.session):
        _keep(ctx, person, 1, OFFERED)


def offered(ctx: Context, person: Person) -> bool:
    """Whether the person waits for the tour and has a role with one."""
    kept = person.settings.get(_KEY, {})
    acting = people.acting(person, people.sections(ctx.session))
    return kept.get("state") == OFFERED and bool(steps_for(ctx.settings.data_dir, acting))


def go(ctx: Context, place: int) -> Step | None:
    """Go to a step and remember it; None when that was the last and the tour is done."""
    found = steps(ctx)
    person = _me(ctx)
    over = place > len(found)
    if person is not None:
        _keep(ctx, person, 1 if over else place, DONE if over else UNDER_WAY)
    return None if over else found[place - 1]


def leave(ctx: Context, place: int) -> None:
    """Leave the tour at a step; it can be taken up there."""
    person = _me(ctx)
    if person is not None:
        _keep(ctx, person, place, LEFT)


def _me(ctx: Context) -> Person | None:
    return ctx.session.get(Person, ctx.person.id) if ctx.person.id is not None else None


def _keep(ctx: Context, person: Person, place: int, state: str) -> None:
    person.settings = {**person.settings, _KEY: {"place": place, "state": state}}
    ctx.session.add(person)


@cache
def _all(path: Path) -> tuple[Step, ...]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["step"]
    return tuple(Step(**{**row, "role": Role(row["role"])}) for row in rows)
