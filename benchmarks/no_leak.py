"""Redacted letters and replies of real people, searched for anything left that points to a person.

Run: python benchmarks/no_leak.py [--data ../shared/data] [--draw N --seed 1]

The checker is slow and stands on its own: it shares no code with the scan. It folds every writing
(full-width, Chinese and circled digits, digits parted by spaces, dots, dashes or marks) into bare
digits and then looks for phones, landlines, ID cards, bank cards, plates, e-mails, WeChat and QQ.
`--draw` prints redacted letters to be read for names and addresses. Nothing is kept.
"""

import argparse
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from classifiers import sensitive  # noqa: E402 -- the script stands outside the packages

_DIGITS = {**dict(zip("〇一二三四五六七八九", "0123456789", strict=True)), "零": "0", "幺": "1",
           "壹": "1", "贰": "2", "叁": "3", "肆": "4", "伍": "5", "陆": "6", "柒": "7", "捌": "8",
           "玖": "9", "两": "2"}  # fmt: skip
_PARTING = r"[ \t\u3000.\-—\u2013_·•,，、/\\|*~～()（）]{0,3}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def main() -> int:
    """Search, or print what is to be read; 1 where something was left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    wanted = parser.parse_args()
    texts = list(read(wanted.data))
    if wanted.draw:
        for number, text in random.Random(wanted.seed).sample(texts, wanted.draw):
            print(f"[{number}] {' '.join(redacted(text).split())}\n")
        return 0
    before, after = Counter[str](), Counter[str]()
    for number, text in texts:
        before.update(kind for kind, _ in left(text))
        for kind, words in left(redacted(text)):
            after[kind] += 1
            if wanted.show:
                print(f"{kind}\t{number}\t{words}")
    print(f"texts: {len(texts)}")
    for kind in (
        "phone",
        "landline",
        "id_card",
        "bank_card",
        "plate",
        "email",
        "wechat",
        "qq",
        "local",
    ):
        print(
            f"  {kind:<10} in the originals {before[kind]:>5}, left after redaction {after[kind]}"
        )
    print(f"left in all: {after.total()} (wanted 0)")
    return 1 if after.total() else 0


def read(data: Path) -> Iterator[tuple[str, str]]:
    """Every letter and reply of all sheets with its number."""
    for name in ("letters_with_replies.xlsx", "messages_with_votes.xlsx", "labelled_messages.xlsx"):
        path = data / name
        if not path.exists():
            sys.exit("skipped: the real letters are not here (../shared/data)")
        rows = openpyxl.load_workbook(path, read_only=True).active.iter_rows(values_only=True)
        head = [str(cell or "") for cell in next(rows)]
        wanted = [
            at for at, word in enumerate(head) if word in {"留言主题", "留言详情", "答复意见"}
        ]
        for row in rows:
            for at in wanted:
                if row[at]:
                    yield f"{row[0]}/{head[at]}", str(row[at])


def redacted(text: str) -> str:
    """The text as it is proposed for the public."""
    return sensitive.redact(text, sensitive.scan(text))


def left(text: str) -> list[tuple[str, str]]:
    """What an attentive reader would still take for a number of a person."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub("[\u200b-\u200f\u2060\ufeff]", "", plain)
    folded = _folded(plain)
    found: list[tuple[str, str]] = []
    for match in re.finditer(rf"(?<![\d.])(?:\d{_PARTING}){{6,24}}\d?", folded):
        bare = re.sub(r"\D", "", match[0])
        found += [(kind, match[0]) for kind in _kinds(bare)]
    for match in re.finditer(rf"(?:\d{_PARTING}){{17}}[xX]", folded):
        if _is_id(re.sub(r"[^\dxX]", "", match[0])):
            found.append(("id_card", match[0]))
    for match in re.finditer(
        r"[\w.+-]+\s?(?:@|[(\[]at[)\]])\s?[\w-]+\s?(?:\.|点)\s?[A-Za-z]{2,}", plain
    ):
        found.append(("email", match[0]))
    for match in re.finditer(
        rf"[{_PROVINCES}][A-HJ-Z][\s.·-]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])", plain
    ):
        if re.search(r"\d", match[0]):
            found.append(("plate", match[0]))
    for match in re.finditer(
        r"(?:微信|薇信|威信|wx|WX|weixin|v信|V信)[号:是 为加]{0,4}([A-Za-z][A-Za-z0-9_-]{5,19})",
        plain,
    ):
        found.append(("wechat", match[0]))
    for match in re.finditer(r"(?:QQ|qq|Qq|扣扣)[号群:是 为加]{0,4}(\d{5,12})(?!\d)", plain):
        found.append(("qq", match[0]))
    for match in re.finditer(
        r"(?:电话|拨打|致电|手机|[Tt]el)[^\d。;\n]{0,8}[2-8]\d{6,7}(?![\d-])", folded
    ):
        found.append(("local", match[0]))
    return found


def _folded(plain: str) -> str:
    """Chinese digits become digits where several stand in a row."""
    run = re.compile(f"[{''.join(_DIGITS)}](?:{_PARTING}[{''.join(_DIGITS)}\\d]){{6,}}")
    return run.sub(lambda match: "".join(_DIGITS.get(char, char) for char in match[0]), plain)


def _kinds(bare: str) -> Iterator[str]:
    if re.search(r"(?<!\d)(?:86)?1[3-9]\d{9}(?!\d)", bare):
        yield "phone"
    elif re.fullmatch(r"0\d{2,3}[2-8]\d{6,7}", bare):
        yield "landline"
    elif len(bare) in {15, 18} and _is_id(bare):
        yield "id_card"
    elif 16 <= len(bare) <= 19 and _luhn(bare) and bare[0] in "3456":
        yield "bank_card"


def _is_id(number: str) -> bool:
    if not re.fullmatch(
        r"[1-8]\d{5}(?:18|19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dxX]", number
    ):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(char) * weight for char, weight in zip(number, weights, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def _luhn(number: str) -> bool:
    total = 0
    for at, char in enumerate(reversed(number)):
        value = int(char) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


if __name__ == "__main__":
    sys.exit(main())
