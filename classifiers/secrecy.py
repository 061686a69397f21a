"""Marks of state secrets (绝密, 机密, 秘密): found in any writing, told from mere words."""

import html
import re
from collections.abc import Iterator

from classifiers.finding import Hit
from classifiers.words import INVISIBLE

# What may stand between the characters of a mark without parting it: white space, invisible
# characters, combining strokes, dots and dashes. Possessive, so that no text makes it slow.
_GAP = f"[\\s{INVISIBLE}\\u0300-\\u036f\\u0489\\u20d0-\\u20ff·‧・•﹒.\\-_—|/~]*+"
_STAR = "(?:[★☆⭐✩✪✫✬✭✮✯✰⋆⚝⛤✡🌟🟊]|⚹)"
_ASTERISK = "[*\\uff0a﹡\\u2217✱✲✳]"
_COUNT = "(?:[0-9\\uff10-\\uff19]+|[一二三四五六七八九十]+)"
_LASTS = f"(?:{_GAP}{_COUNT}{_GAP}(?:年|个?月|日|天)|{_GAP}长{_GAP}期)"
_WORD = re.compile(f"[绝絕机機秘祕㊙]{_GAP}密")
_STARRED = re.compile(
    f"(?:{_GAP}[级級])?{_GAP}[（(\\[【:：]?{_GAP}"
    f"(?:{_STAR}{_LASTS}?|{_ASTERISK}(?:{_LASTS}|[ \\t\\u3000]*(?:[\\r\\n]|$)))"
)
_AFTER_STAR = re.compile(f"{_STAR}{_GAP}$")
_ENDS = re.compile(f"(?:{_GAP}[级級])?{_LASTS}?(?:\\s|{_GAP}(?:\\W|$))")
_LEVEL = re.compile(
    f"(?:密{_GAP}[级級]|[保涉秘定]{_GAP}密{_GAP}(?:等{_GAP}级|级{_GAP}别|程{_GAP}度))"
    f"{_GAP}[】\\])）」]?{_GAP}[:：=为是]?{_GAP}[（(\\[【「“\"'<《]?{_GAP}$"
)
_OPENS = re.compile(f"([【\\[\\uff3b〔〖（(「『<\\uff1c〈]){_GAP}$")
_CLOSES = re.compile(
    f"(?:{_GAP}[级級])?(?:{_GAP}[文材资]{_GAP}[件料])?{_LASTS}?{_GAP}[】\\]\\uff3d〕〗）)」』>\\uff1e〉]"
)
_PLAIN_BRACKETS = "（(「『<\uff1c〈"
_COMMERCIAL = re.compile(f"(?:商{_GAP}业|技{_GAP}术){_GAP}$")
_LINE_BREAK = re.compile("[\\n\\r\\x0b\\x0c\\x85\\u2028\\u2029]")
# What stands beside a mark in the head of a document and leaves it a mark.
_BESIDE = re.compile(
    "份号|编号|密级|页码|保密期限|期限|第[0-9一二三四五六七八九十百]+页|共[0-9一二三四五六七八九十百]+页"
    "|特急|加急|平急|急件|内部(?:资料|文件|材料|使用|传阅)?|文件|资料|材料|件|注意保存|妥善保管"
    "|(?:严禁|不得|禁止|请勿)(?:外传|复制|转载|泄露|外泄|扩散|翻印)|阅后(?:即焚|销毁|收回)"
    "|长期|[0-9]+|[一二三四五六七八九十]+(?=年|个?月)|年|个?月|[级級]|[Nn][Oo]|page|Page"
)
_REACH = 160
_PADDING = re.compile(f"[{INVISIBLE}]+")
_BLANKS = re.compile(r"[^\S\r\n]+")


def secrecy_mark(text: str) -> Hit | None:
    """The first mark of a state secret in a text, or None.

    A mark is 绝密, 机密 or 秘密 with a star, after 密级, in brackets of its own, or alone in its
    line beside nothing but page, copy number and term (保守国家秘密法, art. 22 and 35). The word
    inside a sentence (商业秘密, 秘密举报, 机密文件柜) is none.
    """
    return next(secrecy_marks(text), None) if suspect(text) else None


def suspect(text: str) -> bool:
    """Whether a text holds a sign without which it bears no mark of a state secret."""
    return "密" in text or "&#" in text


def secrecy_marks(text: str) -> Iterator[Hit]:
    """Every mark of a state secret; one that only entities or padding hide spans the whole text."""
    found = False
    for word in _WORD.finditer(text):
        end = _end_of_mark(text, word.start(), word.end())
        if end:
            found = True
            yield Hit("secrecy", word.start(), end, text[word.start() : end])
    if not found:
        plain = _BLANKS.sub(" ", _PADDING.sub("", html.unescape(text)))
        if plain != text and secrecy_mark(plain):
            yield Hit("secrecy", 0, len(text), text)


def _end_of_mark(text: str, start: int, end: int) -> int:
    """Where the mark around a word ends; 0 where the word is only a word."""
    before = text[max(0, start - _REACH) : start]
    after = text[end : end + _REACH]
    starred = _STARRED.match(text, end)
    if starred:
        bold = before.endswith(("*", "\uff0a")) and "*" in starred.group()
        if not bold and not _COMMERCIAL.search(before):
            return end + len(starred.group().rstrip())
    if _LEVEL.search(before):
        return end
    if _AFTER_STAR.search(before) and _ENDS.match(after):
        return end
    if _bracketed(before, after) or _alone(before, after):
        return end
    return 0


def _bracketed(before: str, after: str) -> bool:
    opens, closes = _OPENS.search(before), _CLOSES.match(after)
    if not opens or not closes:
        return False
    if opens.group(1) not in _PLAIN_BRACKETS:
        return True
    # Round brackets also hold asides: a mark stands at the beginning or the end of a line.
    head = _LINE_BREAK.split(before[: opens.start()])[-1]
    tail = _LINE_BREAK.split(after[closes.end() :], maxsplit=1)[0]
    return not _spoken(head) or not _spoken(tail)


def _alone(before: str, after: str) -> bool:
    head = _LINE_BREAK.split(before)[-1]
    tail = _LINE_BREAK.split(after, maxsplit=1)[0]
    if len(head) >= _REACH or len(tail) >= _REACH:
        return False
    return not _spoken(_BESIDE.sub("", _letters(head))) and not _spoken(
        _BESIDE.sub("", _letters(tail))
    )


def _letters(line: str) -> str:
    """Letters and figures only, full-width figures made narrow, so that a spaced word is whole."""
    return "".join(filter(str.isalnum, line)).translate(_NARROW)


def _spoken(line: str) -> bool:
    return any(map(str.isalnum, line))


_NARROW = {0xFF10 + digit: 0x30 + digit for digit in range(10)}
