"""Spreadsheets of other platforms: read in a guarded child, cleaned, never judged."""

from monitor.channels.sheet.columns import Columns
from monitor.channels.sheet.guard import Launched, launch
from monitor.channels.sheet.reader import Sheet, read
from monitor.channels.sheet.refusals import SheetRefused
from monitor.channels.sheet.rows import MARKED_COLUMN
from monitor.domain.vocabulary import Via

VIA = Via.SHEET

__all__ = [
    "MARKED_COLUMN",
    "VIA",
    "Columns",
    "Launched",
    "Sheet",
    "SheetRefused",
    "launch",
    "read",
]
