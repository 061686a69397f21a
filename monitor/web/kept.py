"""What was typed and not sent: kept by form, and carried through a login that had run out."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from monitor.domain.errors import DeskError
from monitor.services import people, reading
from monitor.services.context import Context
from monitor.services.desk import PUBLIC, Desk
from monitor.storage import drafts
from monitor.storage.crypto import KeyMissing, Keyring
from monitor.storage.people import Person
from monitor.web import cookies
from monitor.web.navigation import show_public

PAGE_FIELD, LABEL_FIELD = "@page", "@label"
MOST_DRAFTS = 100
LONGEST = 200_000
_FORM = re.compile(r"/(?:desk|admin)/[A-Za-z0-9/_.~%-]{1,200}")
_LOCAL = re.compile(r"/(?:desk|admin)(?:[/?][^\\\x00-\x20\x7f]{0,500})?")
# A password is never kept; what only says which page was looked at is of no use later.
_NEVER = frozenset({*cookies.TOKEN_FIELDS, "seen", "next", "password", "password_again", "old"})
_BOUND = b"left behind at the login"
_HELD_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Left:
    """A form that arrived after its writer's session had ended."""

    person_id: UUID
    form: str
    page: str
    fields: dict[str, str]


def keep(
    ctx: Context, form: str, fields: Mapping[str, str], *, page: str = "", label: str = ""
) -> bool:
    """Save what stands in a form for its writer; False when there is nothing worth keeping."""
    worth = worth_keeping(fields.items())
    if ctx.person.id is None or not _FORM.fullmatch(form) or not any(worth.values()):
        return False
    about = {PAGE_FIELD: page if _LOCAL.fullmatch(page) else "", LABEL_FIELD: label[:60]}
    drafts.save(ctx.session, ctx.keys, ctx.person.id, form, {**worth, **about}, ctx.now)
    ctx.session.flush()
    drafts.drop_oldest(ctx.session, ctx.person.id, MOST_DRAFTS)
    return True


def worth_keeping(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The fields that somebody filled in; the last of a name, never a password or a token."""
    return {name: text for name, text in items if name not in _NEVER and not name.startswith("@")}


def forget(desk: Desk, request: Request) -> None:
    """The form was sent: its draft has had its day. A look first, for most forms have none."""
    person, form = request.state.who, request.url.path
    if person.id is None:
        return
    with desk.reading(person) as ctx:
        known = ctx.session.get(drafts.Draft, (person.id, form))
    if known is not None:
        with desk.writing(person) as ctx:
            drafts.drop(ctx.session, person.id, form)


async def left_behind(request: Request, desk: Desk) -> Left | None:
    """What this form held, if it is one of ours and its writer's session has run out.

    Only a form that was drawn for that very session is read; a stranger's body is not.
    """
    secret = request.cookies.get(cookies.SESSION, "")
    length = request.headers.get("content-length", "")
    if request.method != "POST" or not secret or not _FORM.fullmatch(request.url.path):
        return None
    if not length.isdecimal() or int(length) > LONGEST:
        return None
    person_id = await run_in_threadpool(_whose_was, desk, secret)
    if person_id is None:
        return None
    form = await request.form(max_fields=200, max_files=20)
    texts = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    token = next((value for name, value in texts if name in cookies.TOKEN_FIELDS), "")
    if not cookies.same(desk.keys.blind("csrf", f"session:{secret}"), token):
        return None
    fields = worth_keeping(texts)
    try:
        await run_in_threadpool(reading.refuse_secrets, *fields.values())
    except DeskError:
        # A marked text is not carried anywhere; the form says so again when it is sent anew.
        return None
    return Left(person_id, request.url.path, _page_of(request), fields)


def _whose_was(desk: Desk, secret: str) -> UUID | None:
    with desk.reading(PUBLIC) as ctx:
        return people.whose_was(ctx, secret)


def _page_of(request: Request) -> str:
    """The page on which the form stood, as the browser says; else the order it belongs to."""
    came = urlsplit(request.headers.get("referer", ""))
    page = came.path + (f"?{came.query}" if came.query else "")
    if came.netloc.lower() == request.headers.get("host", "").lower() and _LOCAL.fullmatch(page):
        return page
    found = re.match(r"/desk/orders/[^/]+", request.url.path)
    return found[0] if found else "/desk/drafts"


def ask_to_sign_in(request: Request, desk: Desk, left: Left) -> Response:
    """The login, holding what was typed; sealed, so that only we can read it."""
    with desk.reading(PUBLIC) as ctx:
        body = {
            "person": left.person_id.hex, "form": left.form, "page": left.page,
            "fields": left.fields, "until": (ctx.now + _HELD_FOR).timestamp(),
        }  # fmt: skip
        sealed = urlsafe_b64encode(desk.keys.seal(orjson.dumps(body), _BOUND)).decode()
        return show_public(
            request, ctx, "login.html", title="登录", form=True, status=401,
            next=left.page, username="", error="", held=sealed,
        )  # fmt: skip


def opened(keys: Keyring, now_timestamp: float, sealed: str) -> Left | None:
    """What a login form carried, or None when it is none of ours or too old."""
    try:
        body = orjson.loads(keys.unseal(urlsafe_b64decode(sealed.encode()), _BOUND))
    except (KeyMissing, NotBase64, ValueError):
        return None
    if body["until"] < now_timestamp:
        return None
    return Left(UUID(body["person"]), body["form"], body["page"], body["fields"])


def take_up(ctx: Context, person: Person, left: Left) -> bool:
    """Keep what was typed as a draft of the person who has just signed in, if it is hers."""
    if left.person_id != person.id:
        return False
    return keep(people.as_person(ctx, person), left.form, left.fields, page=left.page)
