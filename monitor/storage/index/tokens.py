"""How texts and queries are cut into the words of the index; for whoever has time to do it."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

_CHINESE = re.compile(r"[㐀-鿿]")
_TOKEN = re.compile(r"[㐀-鿿]+|[a-z0-9]+")
_CLEAN = re.compile(r"[^㐀-鿿a-z0-9]+")
# Letters, figures and brackets as wide as a Chinese character, and the blank.
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# A letter that no query of a person can hold, and figures turned into letters: one word each.
_BAND = "μ"
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def fold(words: str) -> str:
    """The words with narrow letters, figures and signs; as long as they were."""
    return words.translate(_NARROW)


def _folded(words: str) -> str:
    return (fold(words) if _WIDE.search(words) else words).lower()


def tokens(words: str) -> list[str]:
    """Chinese runs as overlapping pairs, plus their last character; other words whole."""
    return token_lines([words])[0].split()


def token_lines(texts: Sequence[str]) -> list[str]:
    """The tokens of each text with blanks between; many at once cost a fraction each."""
    folded = [_folded(words) + "\n" for words in texts]
    codes = np.frombuffer("".join(folded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    chinese = (codes >= ord("㐀")) & (codes <= ord("鿿"))
    narrow = ((codes >= 97) & (codes <= 122)) | ((codes >= 48) & (codes <= 57))  # a-z, 0-9
    # Of each character: itself, its follower where both are Chinese, a blank where a token ends.
    signs = np.full((len(codes), 3), ord(" "), dtype=np.uint32)
    signs[:, 0], signs[:-1, 1] = codes, codes[1:]
    kept = np.zeros(signs.shape, dtype=bool)
    kept[:, 0] = chinese | narrow
    kept[:-1, 1] = chinese[:-1] & chinese[1:]
    kept[:-1, 2] = chinese[:-1] | (narrow[:-1] & ~narrow[1:])
    said = signs[kept].tobytes().decode("utf-32-le")
    before = np.concatenate([[0], np.cumsum(np.count_nonzero(kept, axis=1))])
    places = before[np.cumsum([0, *map(len, folded)])].tolist()
    return [said[first:last].rstrip() for first, last in pairwise(places)]


def marks(bands: Sequence[int]) -> list[str]:
    """The words under which the bands of a text's fingerprint are indexed, beside what it says."""
    # Eight bytes each, of which a band fills the last five.
    digits = np.array(bands, dtype=">u8").tobytes().hex().translate(_LETTERS)
    return [_BAND + digits[at + 6 : at + 16] for at in range(0, len(digits), 16)]


def query_tokens(words: str) -> list[list[str]]:
    """Each part of a query as the tokens that must follow one another; a lone sign is a prefix."""
    parts: list[list[str]] = []
    for run in _TOKEN.findall(_folded(words)):
        if _CHINESE.match(run) and len(run) > 1:
            parts.append(list(map("".join, pairwise(run))))
        else:
            parts.append([run + "*"])
    return parts


def searchable(words: str) -> bool:
    """Whether a query has a character that the index knows."""
    return bool(_CLEAN.sub("", _folded(words)))
