"""The table of hostile sheets: name, builder, expected outcome."""

from tests.channels.hostile_bombs import BOMBS
from tests.channels.hostile_kinds import DAMAGED, KINDS
from tests.channels.hostile_layouts import LAYOUTS
from tests.channels.hostile_marks import MARKS, NAMES
from tests.channels.hostile_oddities import ODDITIES
from tests.channels.hostile_plain import CSVS
from tests.channels.hostile_texts import TEXTS
from tests.channels.hostile_times import TIMES
from tests.channels.hostile_values import NUMBERS
from tests.channels.making import Case

CASES: list[Case] = [
    *LAYOUTS,
    *CSVS,
    *NUMBERS,
    *TIMES,
    *TEXTS,
    *KINDS,
    *DAMAGED,
    *BOMBS,
    *MARKS,
    *NAMES,
    *ODDITIES,
]
