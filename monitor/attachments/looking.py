"""Look into a file through the guarded child; what it tells is checked before it is believed."""

import base64
import binascii
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.attachments.kinds import KINDS, STARTS, Kind, extension, safe_name
from monitor.attachments.refusals import SENTENCES, FileRefused
from monitor.attachments.traces import LABELS, LONGEST, Trace
from monitor.confined.keeper import Keeper, launching

SECONDS = 45.0
AT_ONCE = 2
LAUNCH = launching("monitor.attachments.child")
_STARTS_OF = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "application/pdf": b"%PDF-",
}
# Each look may take a gigabyte: strangers must not be able to ask for many at once.
_turn = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page or picture drawn anew by us: `page` for looking, `clean` for everybody."""

    role: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is, under which name it is kept, what it holds and how it looks."""

    kind: Kind
    name: str
    traces: tuple[Trace, ...]
    text: str
    beside: str
    pages: int
    pictures: tuple[Picture, ...] = ()
    said: str = ""


@dataclass(slots=True)
class _Told:
    about: dict[str, Any] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)


def inspect(fd: int, name: str, *, seconds: float = SECONDS) -> Inspected:
    """What the open file is; FileRefused when we do not take it. The name decides nothing."""
    shown = safe_name(name)
    ending = extension(shown)
    with _turn:
        told = _ask(fd, ending, seconds)
    kind = KINDS[told.about["kind"]]
    if ending in STARTS:
        raise FileRefused("starts", {"ending": ending, "kind": kind.label, "named": ending})
    wrong = bool(ending) and ending not in kind.extensions
    return Inspected(
        kind=kind,
        name=safe_name(name, kind),
        traces=tuple(Trace(code, text) for code, text in told.about["traces"]),
        text=told.about["text"],
        beside=told.about["beside"],
        pages=told.about["pages"],
        pictures=tuple(told.pictures),
        said=f"扩展名写的是 .{ending}，内容是{kind.label}，已按内容收下。" if wrong else "",
    )


def _ask(fd: int, ending: str, seconds: float) -> _Told:
    def refuse(code: str, details: Mapping[str, object]) -> FileRefused:
        if code not in SENTENCES:
            return FileRefused("died")
        known = {key: str(value)[:60] for key, value in details.items()}
        if not _agrees(ending, known.get("kind", "")):
            known["named"] = ending
        return FileRefused(code, known)

    told = _Told()
    keeper = Keeper(fd, LAUNCH, seconds, refuse)
    try:
        for frame in keeper.frames():
            if "role" in frame:
                told.pictures.append(_picture(frame))
            else:
                told.about = _about(frame)
    finally:
        keeper.close()
    if not told.about:
        raise FileRefused("died")
    return told


def _agrees(ending: str, label: str) -> bool:
    """Whether the extension says the same as the content, as far as anybody can tell."""
    if not ending:
        return True
    named = [kind.label for kind in KINDS.values() if ending in kind.extensions]
    return label in named or (not named and ending not in STARTS) or ending in STARTS


def _about(frame: Mapping[str, Any]) -> dict[str, Any]:
    """The child may have been taken over: only what has the right shape goes on."""
    kind, traces, pages = frame.get("kind"), frame.get("traces"), frame.get("pages")
    texts = [frame.get("text"), frame.get("beside")]
    sound = (
        kind in KINDS
        and isinstance(traces, list)
        and isinstance(pages, int)
        and all(isinstance(text, str) for text in texts)
        and all(
            isinstance(one, list)
            and len(one) == 2
            and one[0] in LABELS
            and isinstance(one[1], str)
            and len(one[1]) <= LONGEST
            for one in traces
        )
    )
    if not sound:
        raise FileRefused("died")
    return dict(frame)


def _picture(frame: Mapping[str, Any]) -> Picture:
    role, media_type, body = frame.get("role"), frame.get("type"), frame.get("data")
    if role not in {"page", "clean"} or media_type not in _STARTS_OF or not isinstance(body, str):
        raise FileRefused("died")
    try:
        data = base64.b64decode(body, validate=True)
    except binascii.Error:
        raise FileRefused("died") from None
    if not data.startswith(_STARTS_OF[media_type]):
        raise FileRefused("died")
    return Picture(role, media_type, data)
