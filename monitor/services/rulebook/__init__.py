"""The rules in force on a day; what we ship; publish a new version."""

from monitor.services.preparing.guide import Guide
from monitor.services.rulebook.assemble import Office, Rules, StandardText, Topic, assemble
from monitor.services.rulebook.book import current, from_files, publish, ship
from monitor.services.rulebook.changes import Change, Fault
from monitor.services.rulebook.kinds import KINDS, Entry, Kind, shipped, toml

__all__ = [
    "KINDS",
    "Change",
    "Entry",
    "Fault",
    "Guide",
    "Kind",
    "Office",
    "Rules",
    "StandardText",
    "Topic",
    "assemble",
    "current",
    "from_files",
    "publish",
    "ship",
    "shipped",
    "toml",
]
