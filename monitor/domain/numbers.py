"""HY20261009-016: order numbers and look-up codes, made and read."""

import re
import secrets
from datetime import date, datetime
from uuid import UUID

from monitor.domain.workdays import local

_NUMBER = re.compile(r"HY(\d{8})-(\d{3,9})")
# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: what people mix up when they copy by hand.
_LETTERS = "34679ACDEFGHJKMNPQRTWXY"
_CODE_LENGTH = 16


def new_id(now: datetime, position: int | None = None) -> UUID:
    """A random id that sorts by time (UUID version 7), so that new rows lie side by side.

    Of those made at one moment, the ones with a position sort by it (RFC 9562, 6.2, method 1).
    """
    milliseconds = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
    tail = int.from_bytes(secrets.token_bytes(10)) >> 6
    if position is not None:
        tail = ((position & 0x3FFF_FFFF) << 44) | (tail & 0xFFF_FFFF_FFFF)
    value = (milliseconds << 80) | (7 << 76) | ((tail >> 62) << 64)
    return UUID(int=value | (2 << 62) | (tail & 0x3FFF_FFFF_FFFF_FFFF))


def order_number(day: date, position: int) -> str:
    """The number of the n-th order registered on a day in Shanghai."""
    return f"HY{day:%Y%m%d}-{position:03d}"


def is_order_number(text: str) -> bool:
    """Whether a text has the shape of an order number."""
    return _NUMBER.fullmatch(text) is not None


def registration_day(now: datetime) -> date:
    """The day in Shanghai on which something registered now is counted."""
    return local(now).date()


def new_lookup_code() -> str:
    """A 查询码 of 72 bits in four groups of four unambiguous characters."""
    return lookup_code(secrets.token_bytes(32))


def lookup_code(seed: bytes) -> str:
    """The 查询码 that belongs to a secret seed of 32 bytes; always the same one."""
    value, plain = int.from_bytes(seed, "big"), ""
    for _ in range(_CODE_LENGTH):
        value, place = divmod(value, len(_LETTERS))
        plain += _LETTERS[place]
    return " ".join(plain[i : i + 4] for i in range(0, _CODE_LENGTH, 4))


def normalise_code(text: str) -> str:
    """A look-up code as typed, without blanks and hyphens, in capitals."""
    return re.sub(r"[\s\-—_]+", "", text).upper()


def normalise_phone(text: str) -> str:
    """The digits of a phone number, without a leading +86."""
    digits = re.sub(r"\D", "", text)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def upstream_number(text: str) -> str:
    """A number of the upstream as it is stored and compared: 2549 where a sheet wrote 2549.0."""
    number = text.strip()
    return number[:-2] if number.endswith(".0") and number[:-2].isdigit() else number
