"""The child: looks into one untrusted file under hard limits and tells what it is.

Started by `looking.py` in isolated mode. Frames on stdout: one of the kind, traces and text, then
one a picture, then the end.
"""

import base64
import io
import os

from monitor.attachments import old_office, papers, pictures, portable, sniffing, sounds
from monitor.attachments.kinds import KINDS
from monitor.attachments.packages import Package
from monitor.attachments.traces import MOST, Trace, short
from monitor.attachments.unfit import Unfit
from monitor.confined import limits
from monitor.confined.limits import MB, OUT_OF_MEMORY

CPU_SECONDS = 30
LARGEST_FILE = 100 * MB
LARGEST_REDRAWN = 12 * MB


def main(fd: int) -> int:
    """Look at the file behind the descriptor; 0 even when it is refused in order."""
    limits.limit(CPU_SECONDS)
    code = ""
    try:
        with os.fdopen(fd, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise Unfit("too_large", limit=LARGEST_FILE // MB)
        code = sniffing.sniff(data)
        _look(data, code)
    except Unfit as verdict:
        details = dict(verdict.details)
        if code in KINDS:
            details.setdefault("kind", KINDS[code].label)
        limits.write(limits.encode({"refused": verdict.code, "details": details}))
    except MemoryError:
        return OUT_OF_MEMORY
    except (BrokenPipeError, KeyboardInterrupt):
        return 0
    return 0


def _look(data: bytes, code: str) -> None:
    sniffing.refuse_double(data, code, KINDS[code].label if code in KINDS else "Office 文档")
    if code == "zip":
        package = Package(data)
        traces, text = papers.inspect(package)
        _tell(package.code, traces, text)
    elif code == "ole":
        old = old_office.Old(data)
        traces, text = old.inspect()
        _tell(old.code, traces, text)
    elif code == "pdf":
        _portable(data)
    elif code == "txt":
        _tell(code, [], sniffing.decode(data) or "")
    elif KINDS[code].heard:
        _tell(code, sounds.inspect(data, code), "")
    else:
        traces, drawn, media_type = pictures.inspect(data, code)
        _tell(code, traces, "")
        _picture("clean", drawn, media_type)
    limits.write(limits.encode({"end": True}))


def _portable(data: bytes) -> None:
    paper = portable.Portable(data)
    _tell("pdf", paper.traces(), paper.text(), paper.pages)
    whole = paper.pages <= portable.REDRAWN_PAGES
    pages = paper.drawn(paper.pages if whole else portable.SHOWN_PAGES)
    for page in pages[: portable.SHOWN_PAGES]:
        out = io.BytesIO()
        page.save(out, "PNG")
        _picture("page", out.getvalue(), "image/png")
    redrawn = paper.redrawn(pages) if whole else b""
    if 0 < len(redrawn) <= LARGEST_REDRAWN:
        _picture("clean", redrawn, "application/pdf")


def _tell(code: str, traces: list[Trace], text: str, pages: int = 1) -> None:
    """Kind and traces as they are shown; `beside` is all of their words, to look for marks in."""
    told = list(dict.fromkeys((one.code, one.text) for one in traces))
    shown = [(code, short(words)) for code, words in told[:MOST]]
    if len(told) > MOST:
        shown[-1] = ("unsure", f"另有 {len(told) - MOST + 1} 处，没有列出")
    about = {"kind": code, "traces": shown, "text": text, "pages": pages}
    limits.write(limits.encode({**about, "beside": "\n".join(words for _, words in told)}))


def _picture(role: str, data: bytes, media_type: str) -> None:
    body = base64.b64encode(data).decode("ascii")
    limits.write(limits.encode({"role": role, "type": media_type, "data": body}))
