"""Numbers that point to a person or a firm: found in any writing, proven by their check digits."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from classifiers.finding import Hit
from classifiers.words import INVISIBLE

# Between two digits of one number: blanks, dashes, dots, brackets, and what nobody sees.
GAP = "[\\u200b\\s\\-_.·—\\u2010-\\u2013()/]{0,6}+"
_USCC = "[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]"
_LETTER = "[A-HJ-NP-Za-hj-np-z]"
_NUMERALS = (
    "〇零○",
    "一壹幺",
    "二贰貳",
    "三叁參",
    "四肆",
    "五伍",
    "六陆",
    "七柒",
    "八捌",
    "九玖",
)
_PROVINCES = frozenset(
    [11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51]
).union([52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83])
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _run(length: int, unit: str = "[0-9]") -> str:
    return f"{unit}(?:{GAP}{unit}){{{length - 1}}}"


_PARTED = re.compile("(?<![0-9])[0-9]([,、*~|:;+&#=])(?:[0-9]\\1){9,17}[0-9Xx](?![0-9])")
_LOOKALIKE = re.compile(
    "(?<![A-Za-z0-9])(?=(?:[oOlI]*[0-9]){2})[0-9oOlI]{11,19}[Xx]?(?![A-Za-z0-9])"
)
_SEEN_AS = str.maketrans("oOlI", "0011")
_LONG = re.compile(_run(7))
_COUNTRY = f"(?:(?:\\+|00)?86{GAP})?"
# Nine digits and two behind a point are a sum of money.
_SUM = "(?!1[0-9]{8}\\.[0-9]{2}(?![0-9]))"
_PHONE = f"(?<![0-9]){_SUM}{_COUNTRY}1{GAP}[3-9]{GAP}{_run(9)}(?![0-9])"
_EXTENSION = f"(?:{GAP}(?:转|分机号?|[Ee]xt){GAP}[0-9]{{1,6}}|[\\-—#][0-9]{{1,5}})?"
_LANDLINE = (
    f"(?<![0-9])\\(?{_COUNTRY}0{GAP}[1-9]{GAP}[0-9](?:{GAP}[0-9])?\\)?{GAP}"
    f"[2-8]{GAP}{_run(6)}(?:{GAP}[0-9])?{_EXTENSION}(?![0-9])"
    f"|(?<![0-9])(?:\\+|00)?86[\\s\\-]{{1,3}}[1-9][0-9]{{1,2}}[\\s\\-]{{1,3}}[2-8]{GAP}{_run(6)}"
    f"(?:{GAP}[0-9])?{_EXTENSION}(?![0-9])"
    f"|(?:电话|座机|固话|传真|拨打|致电|来电|热线|[Tt][Ee][Ll])[^0-9\\n]{{0,8}}"
    f"([2-8]{GAP}{_run(6)}(?:{GAP}[0-9])?)(?![0-9万亿元]|\\.[0-9]{1, 2}(?![0-9]))"
    # One more after a comma or an "or" is a number like the one before it.
    "|(?:(?<=[0-9]{7}[、,/或和])|(?<=[0-9]{7}或者))([2-8][0-9]{6,7})(?![0-9万亿元平亩]|\\.[0-9]{1,2}(?![0-9]))"
)
_ID_CARD = (
    f"(?<![0-9])[1-9]{GAP}{_run(16)}{GAP}[0-9Xx](?![0-9A-Za-z])"
    f"|(?:身份证|证件号|[一老]代证)[^0-9\\n]{{0,10}}({_run(15)})(?![0-9])"
)
_BANK_CARD = (
    f"(?<![0-9])[0-9](?:{GAP}[0-9]){{15,18}}(?![0-9])"
    "|(?:卡号|账号|帐号|账户|帐户|对公户|银行卡)[^0-9\\n]{0,12}"
    f"([0-9](?:{GAP}[0-9]){{9,24}})(?![0-9])"
)
_CODE = f"(?<![0-9A-Za-z]){_USCC}{GAP}{_USCC}{GAP}{_run(6)}{GAP}{_run(10, _USCC)}(?![0-9A-Za-z])"
_PASSPORT = (
    "(?:护照|通行证|[Pp]assport)[^0-9A-Za-z\\n]{0,10}([A-Za-z]{1,2}[0-9]{7,10}|[0-9]{9})(?![0-9A-Za-z])"
    "|(?:台胞证|回乡证)[^0-9A-Za-z\\n]{0,10}([A-Za-z]?[0-9]{8,10})(?![0-9A-Za-z])"
    f"|(?<![0-9A-Za-z])(?:[EeGgDdSsPpHh][0-9]{{8}}|[Ee]{_LETTER}[0-9]{{7}})(?![0-9A-Za-z])"
)
_PLATE = (
    f"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]{GAP}{_LETTER}{GAP}"
    f"(?=[^0-9\\n]{{0,5}}[0-9]){_run(4, '[A-HJ-NP-Za-hj-np-z0-9]')}{GAP}"
    "(?:[A-HJ-NP-Za-hj-np-z0-9]{1,2}|[挂学警港澳])(?![0-9A-Za-z])"
    # Beside a car, letters and digits of that shape are a plate with whatever stands before them.
    "|(?:车|牌)[^0-9A-Za-z\\n]{0,10}?(?<![0-9A-Za-z])"
    "((?:[\\u3400-\\u9fff] ?)?[A-HJ-NP-Z](?=[A-Z]{0,2}[0-9]{3})[A-HJ-NP-Z0-9]{5,6})(?![0-9A-Za-z])"
)
_DOMAIN = "[A-Za-z0-9\\-]{1,63}"
_EMAIL = (
    "[A-Za-z0-9][A-Za-z0-9._%+\\-]{0,63}[\\u200b ]{0,3}@[\\u200b ]{0,3}"
    f"{_DOMAIN}(?:\\.{_DOMAIN}){{1,4}}"
    # Written so that no machine should read it: name#example.com, name at example dot com.
    "|[A-Za-z0-9][A-Za-z0-9._%+\\-]{0,63}(?: {0,3}@ {0,3}|#| at | ?[(\\[]at[)\\]] ?|艾特)"
    f"(?:{_DOMAIN}(?: ?\\. ?| dot | ?[(\\[]dot[)\\]] ?|点)){{1,3}}(?:com|cn|net|org)(?![A-Za-z])"
)
_WECHAT = (
    "(?:[微薇威][^0-9A-Za-z\\u3400-\\u9fff\\n]{0,3}信|[Ww]e[Cc]hat|[Ww]eixin|(?<![A-Za-z])[VvWw][Xx]|加[Vv]|[Vv]信)"
    "(?:号码?|[Ii][Dd]|同号|名)?[\\s\\u200b]{0,3}[:是为]?[\\s\\u200b]{0,3}"
    "([A-Za-z][A-Za-z0-9_\\-]{5,19}|[0-9]{6,12})(?![A-Za-z0-9_\\-])"
)
_QQ = (
    "(?:[Qq] {0,2}[Qq]|扣扣|企鹅号?)(?:号码?|群号?)?[\\s\\u200b]{0,3}[:是为]?[\\s\\u200b]{0,3}"
    f"([1-9](?:{GAP}[0-9]){{4,11}})(?![0-9])"
)


def find_numbers(text: str) -> Iterator[Hit]:
    """Every number of a known kind, the surer kind first; hits may overlap."""
    plain, spoken = fold(text), _disguised(fold(text, spoken=True))
    digits = _LONG.search(spoken) is not None
    for kind, needs_digits, pattern, holds in _kinds():
        if needs_digits and not digits:
            continue
        for read in (plain, spoken) if digits and spoken != plain else (plain,):
            for match in pattern.finditer(read):
                group = match.lastindex or 0
                start, end = match.span(group)
                if holds(_bare(match[group]), read[max(0, start - 12) : start]):
                    yield Hit(kind, start, end, text[start:end])


def _disguised(read: str) -> str:
    """The text with two disguises taken off, in the same length: every digit parted by one and
    the same mark, and letters that look like digits among digits."""
    read = _PARTED.sub(lambda found: found[0].replace(found[1], "-"), read)
    return _LOOKALIKE.sub(lambda found: found[0].translate(_SEEN_AS), read)


def fold(text: str, *, spoken: bool = False) -> str:
    """The text with narrow letters and digits, of the same length, so that positions stay.

    Spoken folding takes Chinese numerals for digits as well (一三八…).
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _table(spoken=spoken)[codes].tobytes().decode("utf-32-le")


@cache
def _table(*, spoken: bool) -> npt.NDArray[np.uint32]:
    table = np.arange(0x110000, dtype=np.uint32)
    lower_planes = "".join(map(chr, range(0x20000)))
    for match in re.finditer(f"[{INVISIBLE}]", lower_planes):
        table[match.start()] = 0x200B
    table[0xE0000:0xE1000] = 0x200B
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    table[0x3000] = 0x20
    for code, char in enumerate(lower_planes):
        digit = unicodedata.digit(char, None)
        if digit is not None:
            table[code] = 0x30 + digit
    for digit, numerals in enumerate(_NUMERALS) if spoken else ():
        table[[ord(numeral) for numeral in numerals]] = 0x30 + digit
    return table


def is_id_card(number: str) -> bool:
    """Whether the check digit of an 18-digit citizen number is right (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def is_bank_card(number: str) -> bool:
    """Whether the Luhn check digit is right."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_uscc(code: str) -> bool:
    """Whether the check character of a unified social credit code is right (GB 32100)."""
    values = [_USCC_ALPHABET.find(char) for char in code.upper()]
    weights = [pow(3, place, 31) for place in range(17)]
    total = sum(value * weight for value, weight in zip(values, weights, strict=False))
    return min(values) >= 0 and (31 - total % 31) % 31 == values[17]


def _looks_like_id_card(number: str, before: str) -> bool:
    # A wrong check digit is a slip of the pen, not a reason to publish the number.
    if len(number) == 15:
        return _is_day("19" + number[6:12])
    home = int(number[:2]) in _PROVINCES or is_id_card(number) or "身份证" in before
    return home and _is_day(number[6:14])


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2040


def _looks_like_bank_card(number: str, before: str) -> bool:
    if re.search("卡号|[账帐]号|[账帐]户|对公户|银行卡", before):
        return True
    return len(number) >= 16 and number[0] in "3456" and is_bank_card(number)


def _looks_like_uscc(code: str, before: str) -> bool:
    if code.isdigit() and _looks_like_id_card(code, "") and is_id_card(code):
        return False
    return is_uscc(code) or "信用代码" in before


def _always(_number: str, _before: str) -> bool:
    return True


def _bare(found: str) -> str:
    return "".join(filter(str.isalnum, found))


@cache
def _kinds() -> list[tuple[str, bool, re.Pattern[str], Callable[[str, str], bool]]]:
    listed: list[tuple[str, bool, str, Callable[[str, str], bool]]] = [
        ("uscc", True, _CODE, _looks_like_uscc),
        ("id_card", True, _ID_CARD, _looks_like_id_card),
        ("bank_card", True, _BANK_CARD, _looks_like_bank_card),
        ("phone", True, _PHONE, _always),
        ("landline", True, _LANDLINE, _always),
        ("passport", False, _PASSPORT, _always),
        ("plate", False, _PLATE, _always),
        ("email", False, _EMAIL, _always),
        ("wechat", False, _WECHAT, _always),
        ("qq", False, _QQ, _always),
    ]
    return [(kind, digits, re.compile(pattern), holds) for kind, digits, pattern, holds in listed]
