"""Accounts, passwords, sessions, invitations: who may come in, as whom, and until when."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from threading import BoundedSemaphore
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.exceptions import PwdlibError

from monitor.domain.access import ADMIN_ROLES, Acting, fault_of_deputy
from monitor.domain.errors import Incomplete, NotFound, Refused
from monitor.domain.vocabulary import Role
from monitor.domain.workdays import local
from monitor.services.context import Context
from monitor.storage import people
from monitor.storage.people import Invite, Login, Person, Section

IDLE = timedelta(hours=8)
IDLE_OF_ADMINISTRATORS = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
INVITED_FOR = timedelta(hours=72)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
_BAD_PASSWORDS = frozenset(
    {
        "1234567890", "0123456789", "0987654321", "12345678910", "qwertyuiop", "password123",
        "password1234", "passw0rd123", "administrator", "admin12345", "admin123456", "welcome123",
        "1q2w3e4r5t", "1qaz2wsx3edc", "iloveyou123", "abcdefghij", "a123456789", "aa12345678",
        "woaini1314", "5201314520", "qwer123456", "abc1234567",
    }
)  # fmt: skip
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
_hasher = PasswordHash.recommended()
# Argon2 takes 64 MB a try: a crowd at the door waits instead of eating the memory.
_at_once = BoundedSemaphore(4)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that holds: the person, and whether it is time to note that it is used."""

    person: Acting
    worth_noting: bool


def normal(username: str) -> str:
    """A login name as it is stored and counted."""
    return username.strip().lower()[:64]


def proves(person: Person | None, password: str) -> bool:
    """Whether the password is this person's; nobody's password takes as long as somebody's."""
    known = person is not None and person.active and len(password) <= LONGEST_PASSWORD
    stored = person.password_hash if person is not None and known else ""
    with _at_once:
        try:
            right = _hasher.verify(password[:LONGEST_PASSWORD], stored or _nobody())
        except PwdlibError:
            return False
    return right and bool(stored)


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def sign_in(ctx: Context, person: Person) -> str:
    """Open a session; the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    ctx.session.add(
        Login(
            secret_hash=session_hash(ctx, secret),
            person_id=person.id,
            started_at=ctx.now,
            seen_at=ctx.now,
        )
    )
    as_person(ctx, person).record_system("login")
    return secret


def sign_in_failed(ctx: Context, username: str) -> None:
    """Record a failed try; the name only blinded, for it may be a mistyped password."""
    ctx.record_system("login_failed", account=ctx.keys.blind("account", normal(username)))


def sign_out(ctx: Context, secret: str) -> None:
    """End one session."""
    login = ctx.session.get(Login, session_hash(ctx, secret))
    if login is not None and login.ended_at is None:
        login.ended_at = ctx.now
        ctx.session.add(login)
        ctx.record_system("logout")


def signed_in(ctx: Context, secret: str) -> SignedIn | None:
    """Whose session this secret opens, if it runs and was used lately."""
    found = people.login_of(ctx.session, session_hash(ctx, secret))
    if found is None:
        return None
    login, person = found
    known = people.sections(ctx.session)
    acting = people.acting(person, known)
    if login.stands_for is not None:
        acting = standing_for(ctx, person, login.stands_for, known) or acting
    idle = IDLE_OF_ADMINISTRATORS if acting.has(*ADMIN_ROLES) else IDLE
    if ctx.now - login.seen_at >= idle or ctx.now - login.started_at >= LONGEST:
        return None
    return SignedIn(acting, ctx.now - login.seen_at >= SEEN_EVERY)


def whose_was(ctx: Context, secret: str) -> UUID | None:
    """Whose session this secret once opened, though it may have ended."""
    login = ctx.session.get(Login, session_hash(ctx, secret))
    return login.person_id if login is not None else None


def standing_for(
    ctx: Context, person: Person, other: UUID, known: dict[str, Section]
) -> Acting | None:
    """The person as today's deputy of another: with that one's roles and section; else None."""
    today = local(ctx.now).date()
    absent = ctx.session.get(Person, other)
    if absent is None or not people.standing_in(
        ctx.session, today, deputy=person.id, person=absent.id
    ):
        return None
    himself, other_one = people.acting(person, known), people.acting(absent, known)
    if fault_of_deputy(
        other_one, himself, person_active=absent.active, deputy_active=person.active
    ):
        return None
    return replace(other_one, name=person.name, id=person.id, username=person.username,
                   stands_for=other_one)  # fmt: skip


def note_seen(ctx: Context, secret: str) -> None:
    """Keep a session awake."""
    login = ctx.session.get(Login, session_hash(ctx, secret))
    if login is not None and login.ended_at is None:
        login.seen_at = max(login.seen_at, ctx.now)
        ctx.session.add(login)


def session_hash(ctx: Context, secret: str) -> str:
    """The stored form of a session's secret."""
    return ctx.keys.blind("session", secret)


def as_person(ctx: Context, person: Person) -> Context:
    """The same unit of work, done by this person."""
    acting = people.acting(person, people.sections(ctx.session))
    return Context(ctx.session, ctx.now, acting, ctx.keys, ctx.settings)


def create(
    ctx: Context,
    username: str,
    name: str,
    roles: Iterable[Role],
    *,
    section: str | None = None,
    title: str = "",
    password: str = "",
) -> Person:
    """A new account; without a password it waits for its invitation."""
    username = normal(username)
    if not _USERNAME.fullmatch(username):
        raise Incomplete(
            "用户名须是小写字母、数字、点、横线，1 至 32 个字符。", fields={"username": "格式不对"}
        )
    if people.by_username(ctx.session, username) is not None:
        raise Refused(f"用户名 {username} 已有人使用。", remedy="请换一个。")
    known = people.sections(ctx.session)
    if section is not None and section not in known:
        raise Incomplete(f"没有科室 {section}。", fields={"section": "没有这个科室"})
    stored = [str(role) for role in Role if role in set(roles)]
    if not stored:
        raise Incomplete("至少要有一个岗位。", fields={"roles": "没有选择"})
    person = Person(username=username, name=name.strip() or username, roles=stored)
    person.section, person.title = section, title
    if password:
        check_password(username, password)
        person.password_hash = hashed(password)
    ctx.session.add(person)
    ctx.session.flush()
    ctx.record_system("person_added", username=username, roles=stored, section=section)
    return person


def set_password(ctx: Context, person: Person, password: str) -> None:
    """Change a password; every session of the person ends."""
    check_password(person.username, password)
    person.password_hash = hashed(password)
    ctx.session.add(person)
    people.end_logins(ctx.session, person.id, ctx.now)
    ctx.record_system("password_set", username=person.username)


def check_password(username: str, password: str) -> None:
    """Refuse a password that is guessed first: Incomplete names the fault."""
    folded = password.casefold()
    fault = ""
    if len(password) < SHORTEST_PASSWORD:
        fault = f"密码至少 {SHORTEST_PASSWORD} 个字符。"
    elif len(password) > LONGEST_PASSWORD:
        fault = f"密码最多 {LONGEST_PASSWORD} 个字符。"
    elif folded in _BAD_PASSWORDS or len(set(password)) < 4:
        fault = "这个密码太容易猜到。"
    elif username and username in folded and len(folded) - len(username) < 6:
        fault = "密码不能就是用户名。"
    if fault:
        raise Incomplete(fault, fields={"password": fault}, remedy="可以用几个不相干的词连起来。")


def hashed(password: str) -> str:
    """The stored form of a password."""
    with _at_once:
        return _hasher.hash(password)


def invite(ctx: Context, person: Person) -> str:
    """A one-time token for `/invite/TOKEN`, where the person sets a password; older ones end."""
    for old in people.open_invites(ctx.session, person.id):
        old.used_at = ctx.now
        ctx.session.add(old)
    token = secrets.token_urlsafe(32)
    ctx.session.add(
        Invite(
            secret_hash=ctx.keys.blind("invite", token),
            person_id=person.id,
            expires_at=ctx.now + INVITED_FOR,
        )
    )
    ctx.record_system("person_invited", username=person.username)
    return token


def invited(ctx: Context, token: str) -> tuple[Invite, Person]:
    """The running invitation of a token and its person; NotFound when used, late or unknown."""
    found = ctx.session.get(Invite, ctx.keys.blind("invite", token))
    person = ctx.session.get(Person, found.person_id) if found else None
    if found is None or found.used_at is not None or found.expires_at <= ctx.now:
        found = None
    if found is None or person is None or not person.active:
        raise NotFound("这个一次性地址无效、已用过或已过期。", remedy="请向系统管理员重新索取。")
    return found, person


def accept_invite(ctx: Context, token: str, password: str) -> Person:
    """Set the first password by an invitation, which is then used up."""
    found, person = invited(ctx, token)
    set_password(as_person(ctx, person), person, password)
    found.used_at = ctx.now
    ctx.session.add(found)
    return person


def reset(ctx: Context, username: str) -> str:
    """The emergency door: the old password and sessions end; the token of a new invitation."""
    person = people.by_username(ctx.session, normal(username))
    if person is None:
        raise NotFound(f"没有用户 {normal(username)}。")
    person.password_hash, person.active = "", True
    ctx.session.add(person)
    people.end_logins(ctx.session, person.id, ctx.now)
    return invite(ctx, person)
