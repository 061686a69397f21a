"""Jinja: layout, labels, fragments, pages; times leave the house as Shanghai's clocks show them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from jinja2 import Environment, FileSystemLoader, Undefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from monitor.domain import vocabulary
from monitor.domain.access import mask_name, mask_phone
from monitor.domain.workdays import WEEKDAYS
from monitor.domain.workdays import local as shanghai

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
NOTHING = "\u2013"
# What is known before a page says anything: base templates may ask for any of these.
UNSAID: dict[str, object] = dict.fromkeys(
    [
        "active_tab",
        "alarms",
        "back",
        "bureau",
        "csrf",
        "demo",
        "flash",
        "here",
        "may_reset",
        "may_stand_for",
        "nav",
        "nav_bottom",
        "notices",
        "now",
        "page_title",
        "person",
        "public_tabs",
        "q",
        "searches",
        "tour",
        "unsent",
        "stands_for",
        "updated",
        "workday",
    ]
)


class Sparse(Undefined):
    """A key that a view leaves out is empty; a name or attribute nobody gave is an error."""

    def __bool__(self) -> bool:
        return bool(str(self))

    def __str__(self) -> str:
        if not isinstance(self._undefined_obj, Mapping):
            self._fail_with_undefined_error()
        return ""

    def __iter__(self) -> Iterator[Any]:
        return iter(str(self))

    def __len__(self) -> int:
        return len(str(self))


def local(moment: datetime | None) -> str:
    """9月28日 09:12."""
    if moment is None:
        return ""
    at = shanghai(moment)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def full(moment: datetime | None) -> str:
    """2026年10月9日 10:24, for anything that may lie in another year."""
    return f"{shanghai(moment).year}年{local(moment)}" if moment else ""


def moment(now: datetime | None) -> str:
    """10月9日 周五 10:24."""
    return f"{day(now)} {clock(now)}" if now else ""


def clock(at: datetime | None) -> str:
    """09:12."""
    return f"{shanghai(at):%H:%M}" if at else ""


def day(value: date | datetime | None) -> str:
    """10月10日 周六."""
    if value is None:
        return ""
    value = _date(value)
    return f"{value.month}月{value.day}日 {WEEKDAYS[value.weekday()]}"


def short_day(value: date | datetime | None) -> str:
    """10-9."""
    if value is None:
        return ""
    value = _date(value)
    return f"{value.month}-{value.day}"


def weekday(value: date | datetime) -> str:
    """周五."""
    return WEEKDAYS[_date(value).weekday()]


def iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>: machines read it."""
    if value is None:
        return ""
    return (shanghai(value) if isinstance(value, datetime) else value).isoformat()


def number(value: float | None, digits: int = 0) -> str:
    """12,345; a dash where there is no number."""
    return NOTHING if value is None else f"{value:,.{digits}f}"


def certainty(share: float) -> str:
    """How sure a reader is, in whole per cent; never 100: no guess is certain."""
    return f"{min(round(share * 100), 99)}%"


def percent(share: float | None, digits: int = 1) -> str:
    """93.4% of a share between 0 and 1; a dash where there is none."""
    return NOTHING if share is None else f"{share * 100:.{digits}f}%"


def size(count: int) -> str:
    """Bytes as people say them: 480 KB, 1.2 MB."""
    kilo = 1024
    if count < kilo:
        return f"{count} B"
    if count < kilo * kilo:
        return f"{count / kilo:.0f} KB"
    return f"{count / kilo / kilo:.1f} MB"


def icon(name: str) -> Markup:
    """A Font Awesome sign for the eye only; the word beside it says the same."""
    return Markup('<i class="fa-solid fa-{}" aria-hidden="true"></i>').format(name)


def static(path: str) -> str:
    """The address of one of our files, new whenever its content is new."""
    return f"/static/{path}?v={_fingerprint(path, (STATIC / path).stat().st_mtime_ns)}"


@cache
def _fingerprint(path: str, changed: int) -> str:
    return sha256(f"{changed}:".encode() + (STATIC / path).read_bytes()).hexdigest()[:12]


def _date(value: date | datetime) -> date:
    return shanghai(value).date() if isinstance(value, datetime) else value


@cache
def environment() -> Environment:
    """The one Jinja environment: pages first, parts behind them; `ui` holds every macro."""
    jinja = Environment(
        loader=FileSystemLoader([HERE / "pages", HERE / "parts"]),
        autoescape=True,
        undefined=Sparse,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (
        local,
        full,
        moment,
        clock,
        day,
        short_day,
        weekday,
        iso,
        number,
        certainty,
        percent,
        size,
    )
    jinja.filters.update({rule.__name__: rule for rule in filters})
    jinja.filters.update(mask_name=mask_name, mask_phone=mask_phone)
    words = ("State", "Channel", "Via", "Urgency", "RequestType", "Role", "Solved", "Promise")
    jinja.globals.update(UNSAID)
    jinja.globals.update({word: getattr(vocabulary, word) for word in words})
    jinja.filters["combine"] = lambda one, other: {**one, **other}
    jinja.globals.update(icon=icon, static=static)
    # A global, because a fragment is drawn without the import lines of its page.
    jinja.globals["ui"] = macros(jinja)
    return jinja


def macros(jinja: Environment) -> ModuleType | Any:
    """The module of parts/macros.html: one name for every part."""
    return jinja.get_template("macros.html").module


def render(template: str, *, fragment: str | None = None, **values: object) -> str:
    """A whole page, or one named block of it to replace a piece of a page in place."""
    found = environment().get_template(template)
    if fragment is None:
        return found.render(values)
    return "".join(found.blocks[fragment](found.new_context(values)))


def page(
    template: str,
    *,
    fragment: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """The answer to a browser: `render`, with its status and headers."""
    html = render(template, fragment=fragment, **values)
    return HTMLResponse(html, status_code=status, headers=dict(headers) if headers else None)
