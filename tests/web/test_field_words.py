"""What people write is told back to them under Chinese names, never under names of the code."""

import re
from pathlib import Path

import pytest

import monitor.web
from monitor.domain.lifecycle import MOVES
from monitor.services.rulebook.shapes import SHAPES
from monitor.web.errors import label_of

WEB = Path(monitor.web.__file__).parent
_DRAWN = re.compile(
    r"ui\.(?:field|textarea)\(\"(\w+)\"|<textarea[^>]*?\sname=\"(\w+)\"", re.IGNORECASE
)
_CHINESE = re.compile("[一-鿿]")


def drawn():
    for page in sorted(WEB.rglob("*.html")):
        for found in _DRAWN.finditer(page.read_text(encoding="utf-8")):
            yield found[1] or found[2]


NAMES = {
    *drawn(),
    *(name for move in MOVES.values() for name in move.given),
    *(field.name for shape in SHAPES.values() for field in shape.fields),
} - {"typed"}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_field_that_is_written_in_has_chinese_words(name):
    assert _CHINESE.search(label_of(name)), f"{name} has no words in web/errors.py"
