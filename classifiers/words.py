"""Normalise and cut Chinese text; the only import of jieba and rjieba."""

import hashlib
import re
import tempfile
import threading
import unicodedata
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

# Zero-width, direction and variation marks, control characters, lone surrogates: nobody sees
# them, so they must not part a word. Ranges are spelt out to keep this file readable.
INVISIBLE = (
    "\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5"
    "\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff"
    "\\uffa0\\ufff9-\\ufffb\\ud800-\\udfff\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
# What nearly every letter holds: replaced first, so that the full normalisation, which costs
# ten times as much, mostly finds nothing left to do. The result is the same.
_EVERYDAY = (
    *zip("，？！：；（）\u3000\xa0", ",?!:;()  ", strict=True),
    ("…", "..."), ("㎡", "m2"),
)  # fmt: skip
_MARKS = re.compile(r"[^\w+-]+")
_SPACE = re.compile(r"\s+")

# One frequency for every word of ours, in both engines: high enough to hold a term together.
_FREQUENCY = 3000


@dataclass(frozen=True, slots=True)
class Cutter:
    """A cutting engine with our lexicon loaded; `engine` names both, with versions.

    `common` are the words that stand in any letter: never evidence, never a search word.
    """

    engine: str
    cut: Callable[[str], list[str]]
    common: frozenset[str]


def shipped_data() -> Path:
    """The folder of rules and words that we ship: beside the packages, or inside the wheel."""
    root = Path(__file__).resolve().parent.parent
    beside = root / "data"
    return beside if beside.is_dir() else root / "monitor" / "shipped"


_lexicon: tuple[str, ...] | None = None


def use_lexicon(lines: Sequence[str]) -> None:
    """Cut with this office's own lexicon from now on (models keep the one they learnt with)."""
    global _lexicon
    _lexicon = tuple(lines)


def lexicon() -> tuple[str, ...]:
    """The lines of the lexicon in use; the one we ship where an office named none."""
    return _shipped_lexicon() if _lexicon is None else _lexicon


@cache
def _shipped_lexicon() -> tuple[str, ...]:
    path = shipped_data() / "lexicon.txt"
    return tuple(path.read_text("utf-8").splitlines()) if path.is_file() else ()


@lru_cache(maxsize=2048)  # a batch asks for each of its texts several times
def normalise(text: str) -> str:
    """Compatible characters unified (NFKC), invisible ones gone, white space single, lower case."""
    for wide, narrow in _EVERYDAY:
        text = text.replace(wide, narrow)
    plain = unicodedata.normalize("NFKC", text)
    return " ".join(_INVISIBLE.sub("", plain).split()).lower()


def cut(text: str) -> list[str]:
    """The words of a text, in order; together they are the normalised text."""
    return cutter().cut(normalise(text))


def phrases(text: str) -> list[str]:
    """The pieces between spaces and marks, normalised."""
    return [piece for piece in _MARKS.split(normalise(text)) if piece]


def engine() -> str:
    """Name and version of the cutting engine in use, with its lexicon's fingerprint."""
    return cutter().engine


def locate(text: str, word: str) -> tuple[int, int] | None:
    """Where a word of the normalised text stands in the text as given, if it does."""
    start = text.find(word)
    if start < 0:
        lower = text.lower()
        start = lower.find(word) if len(lower) == len(text) else -1
    if start >= 0:
        return start, start + len(word)
    plain: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        piece = _INVISIBLE.sub("", unicodedata.normalize("NFKC", char)).lower()
        piece = _SPACE.sub(" ", piece)
        plain.append(piece)
        origin.extend([index] * len(piece))
    start = "".join(plain).find(word)
    if start < 0:
        return None
    return origin[start], origin[start + len(word) - 1] + 1


def cutter(name: str = "", lines: tuple[str, ...] | None = None) -> Cutter:
    """The named engine ("rjieba", "jieba"), or the first that is installed, with a lexicon."""
    return _cutter(name, lexicon() if lines is None else lines)


@lru_cache(maxsize=6)
def _cutter(name: str, lines: tuple[str, ...]) -> Cutter:
    entries = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    ours = [entry for entry in entries if not entry.startswith("-")]
    common = frozenset(entry[1:].strip() for entry in entries if entry.startswith("-"))
    mark = "lexicon " + hashlib.sha256("\n".join(ours).encode()).hexdigest()[:8]
    if name in ("", "rjieba"):
        try:
            return Cutter(f"rjieba {version('rjieba')} · {mark}", _rjieba(ours), common)
        except ImportError:
            if name:
                raise
    return Cutter(f"jieba {version('jieba')} · {mark}", _jieba(ours), common)


# The lexicon that the dictionary of the rjieba module itself holds; who changes it holds the lock.
_whose: list[str] | None = None
_loading = threading.Lock()


def _rjieba(lexicon: list[str]) -> Callable[[str], list[str]]:
    import rjieba

    global _whose
    with _loading:
        # Others may be cutting with it: a dictionary that is in use is never added to.
        tokeniser: Any = rjieba if _whose in (None, lexicon) else rjieba.Jieba()
        if _whose != lexicon:
            for word in lexicon:
                tokeniser.add_word(word, _FREQUENCY, None)
        if _whose is None:
            # It is loaded in any case: the first lexicon saves the 24 MB of another.
            _whose = lexicon
        return tokeniser.cut  # type: ignore[no-any-return]


def _jieba(lexicon: list[str]) -> Callable[[str], list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its escapes and its import of pkg_resources are old
        import jieba
    jieba.setLogLevel("ERROR")
    tokeniser = jieba.Tokenizer()
    # By default it trusts a cache file of a guessable name that anybody may put into /tmp.
    with tempfile.TemporaryDirectory() as private:
        tokeniser.tmp_dir = private
        tokeniser.initialize()
    for word in lexicon:
        tokeniser.add_word(word, _FREQUENCY)
    return tokeniser.lcut  # type: ignore[no-any-return]
