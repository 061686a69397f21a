"""The handbook at the desk: a page a role, opened at the place where one is."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from fastapi import Query, Request
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.responses import FileResponse, RedirectResponse, Response

from monitor.domain.access import Acting
from monitor.domain.errors import NotFound
from monitor.domain.vocabulary import Role
from monitor.settings import shipped
from monitor.web.deps import Reading
from monitor.web.guard import EVERYONE, desk_router
from monitor.web.navigation import Page, show

router = desk_router(*EVERYONE)

FOLDER = shipped("docs/handbook", "handbook")
_NAME = re.compile(r"[a-z-]{1,30}")
_ORDER = (
    "index", "first-day", "duty", "section", "review", "leader", "administrators", "lists",
    "import", "clocks", "keys",
)  # fmt: skip
# Where one stands when asking: the longest beginning of the address that fits.
_PLACES = {
    "/desk/inbox": "duty",
    "/desk/register": "duty",
    "/desk/section": "section",
    "/desk/review": "review",
    "/desk/import": "import",
    "/desk/search": "lists",
    "/desk/bulk": "lists",
    "/desk/print": "lists",
    "/desk/dashboard": "leader",
    "/admin": "administrators",
}
_ROLES = {
    Role.DUTY: "duty",
    Role.SECTION_HEAD: "section",
    Role.HANDLER: "section",
    Role.REVIEWER: "review",
    Role.SECRECY: "review",
    Role.LEGAL: "review",
    Role.LEADER: "leader",
    Role.SYSTEM_ADMIN: "administrators",
    Role.SECURITY_ADMIN: "administrators",
    Role.AUDITOR: "administrators",
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page of the handbook, drawn."""

    name: str
    title: str
    body: Markup


@router.get("/desk/help")
def home(ctx: Reading, place: Annotated[str, Query(alias="from", max_length=500)] = "") -> Response:
    """The page for the place where one is, else for one's role."""
    return RedirectResponse(f"/desk/help/{page_for(place, ctx.person)}", 303)


@router.get("/desk/help/pictures/{name}.png")
def picture(name: str) -> Response:
    """A picture of the handbook."""
    path = FOLDER / "pictures" / f"{name}.png"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("手册里没有这张图。")
    return FileResponse(path, headers={"cache-control": "private, max-age=3600"})


@router.get("/desk/help/{name}")
def chapter(request: Request, ctx: Reading, name: str) -> Response:
    """One page of the handbook beside the list of all."""
    if name not in _ORDER:
        raise NotFound("手册里没有这一页。", remedy="请从手册首页进入。")
    pages = [_drawn(one) for one in _ORDER]
    shown = next(one for one in pages if one.name == name)
    return show(request, ctx, "handbook.html", title="手册", shown=shown, chapters=pages)


def page_for(place: str, person: Acting) -> str:
    """The name of the handbook's page for an address at the desk and a person."""
    fitting = [top for top in _PLACES if place == top or place.startswith((top + "/", top + "?"))]
    if fitting:
        return _PLACES[max(fitting, key=len)]
    return next((page for role, page in _ROLES.items() if role in person.roles), "index")


@cache
def _drawn(name: str) -> Chapter:
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    for token in tokens:
        _fit(token)
    title = next(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))
    # Our own text, in which raw HTML is switched off.
    body = Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704
    return Chapter(name, title, body)


def _fit(token: Token) -> None:
    """Addresses of files become those of the desk; the end of a written line is no blank."""
    for one in token.children or ():
        _fit(one)
    if token.type == "softbreak":
        token.type = "text"
    elif token.type == "link_open":
        address = str(token.attrGet("href") or "")
        if address.endswith(".md"):
            token.attrSet("href", f"/desk/help/{address.removesuffix('.md')}")
    elif token.type == "image":
        token.attrSet("src", f"/desk/help/{token.attrGet('src')}")
        token.attrSet("loading", "lazy")


PAGE = Page(router, "手册")
