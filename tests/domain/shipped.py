"""The calendar and the rules as shipped, with a 2027 that nobody has announced."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from monitor.domain.rulesheet import parse
from monitor.domain.workdays import Calendar, YearTable, parse_year

DATA = Path(__file__).parents[2] / "data"
TABLES = dict(
    parse_year(json.loads((DATA / f"holidays/{year}.json").read_text(encoding="utf-8")))
    for year in (2025, 2026)
)
STATUTE = {date(2027, 1, 1): "元旦"} | {date(2027, 10, day): "国庆节" for day in range(1, 6)}
TABLES[2027] = YearTable(1, "法定节日", STATUTE, {}, provisional=True)
CALENDAR = Calendar(TABLES)


def toml(name: str) -> dict[str, Any]:
    """A file of the data folder."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


PACK = parse(tomllib.loads((DATA / "rulebook/deadlines.toml").read_text(encoding="utf-8")))
