"""The frame of a page: left navigation by role with its counts, person, moment, token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from monitor.domain.access import DESK_ROLES, Acting
from monitor.domain.vocabulary import Role, Word
from monitor.domain.workdays import Calendar, local
from monitor.services import rulebook
from monitor.services.context import Context
from monitor.services.desk import Desk
from monitor.services.office import deputies, ground, tours
from monitor.storage import drafts
from monitor.storage.supervision import notices
from monitor.web import cookies, render
from monitor.web.deps import desk_of

_TELLING = (
    Role.DUTY, Role.REVIEWER, Role.LEADER, Role.SECRECY, Role.LEGAL, Role.SECTION_HEAD,
    Role.HANDLER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR,
)  # fmt: skip

_MOST_FOOT = 5
_MOST_UNREAD = 99


class Group(Word):
    """The headings of the navigation, in their order."""

    DUTY = "duty", "值班"
    SECTION = "section", "科室"
    REVIEW = "review", "审核"
    ORDERS = "orders", "工单"
    WATCH = "watch", "监测"
    PAPERS = "papers", "资料"
    ADMIN = "admin", "管理"


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: who sees it, and how many wait behind it.

    `count` is one capped query. `waits`: the number is work for this person (white), else only
    information. `foot`: also in the bar at the foot of a narrow screen.
    """

    label: str
    href: str
    icon: str
    group: Group
    roles: frozenset[Role]
    count: Callable[[Context], int] | None = None
    waits: bool = False
    foot: bool = False


@dataclass(frozen=True)
class Page:
    """What a page module puts on the menu: its routes, its name, its lines in the navigation."""

    router: APIRouter
    label: str
    entries: tuple[Entry, ...] = ()


def show(
    request: Request,
    ctx: Context,
    template: str,
    *,
    title: str,
    fragment: str | None = None,
    status: int = 200,
    **values: Any,
) -> HTMLResponse:
    """A staff page in its frame, or only the block that the script asked for."""
    fragment = fragment or wanted_fragment(request, template)
    if fragment is not None:
        values = {"csrf": cookies.csrf_token(request), "now": ctx.now, **values}
        return render.page(template, fragment=fragment, status=status, **values)
    values = {**frame(request, ctx), "page_title": title, **values}
    return render.page(template, status=status, **values)


def show_public(
    request: Request,
    ctx: Context,
    template: str,
    *,
    title: str,
    form: bool = False,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page for everybody; `form` gives it a token, and the visitor a cookie."""
    values = {
        "page_title": title,
        "bureau": rulebook.current(ctx).office.name,
        "demo": desk_of(request).settings.demo,
        "csrf": cookies.csrf_token(request) if form else None,
        **values,
    }
    return render.page(template, status=status, headers=headers, **values)


def see(request: Request, address: str, text: str = "", tone: str = "done") -> Response:
    """After a deed: go and look at this address, where the sentence is said once."""
    response = RedirectResponse(address, status_code=303)
    if text:
        desk = desk_of(request)
        cookies.say(response, desk.keys, desk.settings, text, tone)
    return response


def wanted_fragment(request: Request, template: str) -> str | None:
    """The block that the script asks for by X-Fragment, if this page has it."""
    name = request.headers.get("x-fragment", "")
    if not name:
        return None
    return name if name in render.environment().get_template(template).blocks else None


def frame(request: Request, ctx: Context) -> dict[str, Any]:
    """What every staff page needs around its content."""
    rules = rulebook.current(ctx)
    return {
        **bare_frame(request, ctx.person, ctx),
        "unsent": unsent(ctx),
        "bureau": rules.office.name,
        "may_stand_for": [] if ctx.person.stands_for else deputies.open_to(ctx),
        "now": ctx.now,
        "workday": workday(rules.calendar, ctx),
        "notices": bell(ctx),
        "flash": cookies.said(request),
        "tour": tour_box(request, ctx),
    }


def bell(ctx: Context) -> dict[str, Any] | None:
    """How many notices wait to be read; no bell for those who work on no orders."""
    if ctx.person.id is None or not ctx.person.has(*DESK_ROLES):
        return None
    count = notices.unread(ctx.session, ctx.person.id)
    return {"href": "/desk/notices", "count": "99+" if count > _MOST_UNREAD else count}


def tour_box(request: Request, ctx: Context) -> dict[str, Any] | None:
    """The step of the tour that the address asks for, if it explains this very page."""
    place = request.query_params.get("tour", "")
    if not (place.isascii() and place.isdigit() and len(place) < 3):
        return None
    found = tours.steps(ctx)
    number = int(place)
    if not 1 <= number <= len(found) or found[number - 1].page != request.url.path:
        return None
    return {"step": found[number - 1], "place": number, "count": len(found)}


def unsent(ctx: Context) -> list[str]:
    """The forms that this person began and did not send, by the address they go to."""
    if ctx.person.id is None:
        return []
    found = drafts.of_person(ctx.session, ctx.person.id)
    return [form for form, _ in found if form.startswith("/")]


def bare_frame(request: Request, person: Acting, ctx: Context | None = None) -> dict[str, Any]:
    """The frame without any question to the database: for the pages of what went wrong."""
    desk: Desk = desk_of(request)
    return {
        **navigation(request, person, ctx),
        "here": request.url.path,
        "person": {"name": person.name, "role": role_label(person)},
        "stands_for": person.stands_for.name if person.stands_for else "",
        "searches": person.has(*DESK_ROLES),
        "csrf": cookies.csrf_token(request),
        "demo": desk.settings.demo,
        "may_reset": desk.settings.demo
        and person.has(Role.SYSTEM_ADMIN)
        and ground.marked(desk.settings),
    }


def entries_of(request: Request, person: Acting) -> list[Entry]:
    """The lines of the menu that this person may open, in the menu's order."""
    pages: Sequence[Page] = request.app.state.pages
    return [entry for page in pages for entry in page.entries if person.has(*entry.roles)]


def home_of(request: Request, person: Acting) -> str:
    """Where this person's work begins: the first line of the navigation."""
    mine = entries_of(request, person)
    # Nobody's day begins among the papers, unless there is nothing else.
    ranked = sorted(Group, key=lambda group: group is Group.PAPERS)
    first = [entry.href for group in ranked for entry in mine if entry.group is group]
    return first[0] if first else "/desk/password"


def navigation(request: Request, person: Acting, ctx: Context | None) -> dict[str, Any]:
    """The left navigation and the bar at the foot of a narrow screen, with the same counts.

    Counts only when there is a Context to ask; each is asked once.
    """
    mine = entries_of(request, person)
    here = _active(request, mine)
    drawn = [(entry, _item(entry, entry is here, ctx)) for entry in mine]
    nav = [
        {"label": group.label, "items": inside}
        for group in Group
        if (inside := [item for entry, item in drawn if entry.group is group])
    ]
    return {"nav": nav, "nav_bottom": [item for entry, item in drawn if entry.foot][:_MOST_FOOT]}


def _item(entry: Entry, active: bool, ctx: Context | None) -> dict[str, Any]:
    return {
        "label": entry.label,
        "href": entry.href,
        "icon": entry.icon,
        "count": entry.count(ctx) if ctx is not None and entry.count else None,
        "kind": "waits" if entry.waits else "info",
        "active": active,
    }


def _active(request: Request, entries: Sequence[Entry]) -> Entry | None:
    """The line whose address fits best: the same query wins over none, a longer path over all."""
    path, asked = request.url.path, set(parse_qsl(request.url.query))

    def fit(entry: Entry) -> tuple[int, int] | None:
        top, _, query = entry.href.partition("?")
        wanted = set(parse_qsl(query))
        if (path != top and not path.startswith(top + "/")) or not wanted <= asked:
            return None
        return len(top), len(wanted)

    fitting = [(found, entry) for entry in entries if (found := fit(entry)) is not None]
    return max(fitting, key=lambda pair: pair[0], default=(None, None))[1]


def role_label(person: Acting) -> str:
    """The role that says most about the person's day, in words."""
    return next((role.label for role in _TELLING if role in person.roles), "")


def workday(calendar: Calendar, ctx: Context) -> str:
    """工作日, or why today is none."""
    today = calendar.classify(local(ctx.now).date())
    if today.counts:
        return "工作日" if today.why == "工作日" else f"工作日（{today.why}）"
    return f"休息日（{today.why}）"
