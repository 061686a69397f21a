"""Every number with the orders behind it, as of a day."""

from monitor.services.figures.address import FigureQuery, parse
from monitor.services.figures.behind import behind, count
from monitor.services.figures.flow import channels, overdue, weeks
from monitor.services.figures.league import league
from monitor.services.figures.report import rates_report
from monitor.services.figures.standing import standing, tiles
from monitor.services.figures.timeliness import GROUPS, latencies, measure, rates
from monitor.services.figures.titles import book, title

__all__ = [
    "GROUPS",
    "FigureQuery",
    "behind",
    "book",
    "channels",
    "count",
    "latencies",
    "league",
    "measure",
    "overdue",
    "parse",
    "rates",
    "rates_report",
    "standing",
    "tiles",
    "title",
    "weeks",
]
