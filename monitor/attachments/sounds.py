"""Child side: sound: its frame is checked and its tags are read; nobody here can listen."""

import re

from monitor.attachments.traces import Trace, trace
from monitor.attachments.unfit import Unfit

UNHEARD = "录音内容不能自动检查，请听过再决定"
_FRAME = re.compile(rb"(TPE1|TIT2|TALB|COMM|TCOM|TCOP|TOWN|USLT)(....)..(.)", re.DOTALL)
_LONGEST = 400


def inspect(data: bytes, code: str) -> list[Trace]:
    """The tags; Unfit when the file ends before it says it does."""
    found = [trace("unsure", UNHEARD)]
    if code == "wav":
        size = int.from_bytes(data[4:8], "little") + 8
        if b"fmt " not in data[:512] or size > len(data) + 1:
            raise Unfit("corrupt")
        if len(data) - size > 1024:
            found.append(trace("trailing", f"{len(data) - size} 字节"))
    elif code == "m4a" and (b"moov" not in data or b"mdat" not in data):
        raise Unfit("corrupt")
    elif code == "mp3":
        if len(data) < 256:
            raise Unfit("corrupt")
        found += _tags(data[: 1 << 20])
    return found


def _tags(data: bytes) -> list[Trace]:
    found = []
    for match in _FRAME.finditer(data):
        size = min(int.from_bytes(match[2], "big"), _LONGEST)
        body = data[match.end() : match.end() + size - 1]
        codec = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}.get(match[3][0])
        if codec and size > 1:
            words = body.decode(codec, "ignore").replace("\x00", " ").strip()
            if words:
                found.append(trace("author" if match[1] in {b"TPE1", b"TCOM"} else "title", words))
    return found
