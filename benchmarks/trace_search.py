"""Words that occur nowhere else, and the search for them in all that is stored."""

import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

# Signs that hardly anybody uses: even two of them side by side are a trace.
_RARE = "龘靐齉爩麤灪龖厵滟虋龗齾鱻爨癵籱"


@dataclass(frozen=True)
class Probe:
    """Words that stand beside a mark and nowhere else in the world."""

    word: str = field(default_factory=lambda: f"zq{random.getrandbits(48):012x}")
    rare: str = field(default_factory=lambda: "".join(random.sample(_RARE, 3)))

    def marked(self, mark: str) -> str:
        """A text that must not come in."""
        return f"{mark} {self.rare}{self.word}方案不得外传"


def spellings(probe: Probe) -> set[bytes]:
    """The bytes by which a probe may lie in a file, whole or cut into pairs of signs."""
    words = [probe.word, probe.rare[:2], probe.rare[1:]]
    found: set[bytes] = set()
    for one in words:
        codes = "".join(sign if sign < "\x80" else f"\\u{ord(sign):04x}" for sign in one)
        found |= {one.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}
        found |= {codes.encode(), codes.upper().replace("\\U", "\\u").encode()}
        found |= {quote(one).encode(), quote(one).lower().encode()}
    return found


def bodies(path: Path) -> Iterator[bytes]:
    """A file's name and bytes, and those of all that is packed in it."""
    yield path.name.encode(errors="replace")
    try:
        yield path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                yield from (package.read(name) for name in package.namelist())
    except (FileNotFoundError, zipfile.BadZipFile):
        return


def traces(folder: Path, probe: Probe) -> int:
    """How many files below a folder hold anything of a probe."""
    needles = spellings(probe)
    return sum(
        any(needle in body for body in bodies(path) for needle in needles)
        for path in folder.rglob("*")
        if path.is_file()
    )
