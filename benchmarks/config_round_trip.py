"""A configuration carried from one home to another suggests the same for 1,000 real letters.

Run: python benchmarks/config_round_trip.py [--data ../shared/data] [--letters 1000]
"""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from monitor.cli import founding  # noqa: E402 - the repository's own, wherever this is started
from monitor.domain.workdays import local  # noqa: E402
from monitor.services import preparing, rulebook  # noqa: E402
from monitor.services.desk import Desk  # noqa: E402
from monitor.services.rulebook import Change, carrying, changes  # noqa: E402
from monitor.settings import Settings  # noqa: E402
from monitor.storage import people  # noqa: E402
from monitor.tasks import training  # noqa: E402


def letters(folder: Path, count: int) -> list[tuple[str, str]]:
    """Titles and texts."""
    sheet = CalamineWorkbook.from_path(str(folder / "letters_with_replies.xlsx"))
    cells = sheet.get_sheet_by_index(0).to_python()
    header = [str(cell).strip() for cell in cells[0]]
    title, text = header.index("留言主题"), header.index("留言详情")
    return [(str(row[title]), str(row[text])) for row in cells[1 : count + 1]]


def founded(home: Path) -> Desk:
    """An empty office with the shipped rules and models."""
    desk = Desk.open(Settings(home=home), lambda: datetime.now(UTC), create=True)
    founding.found(desk, "某局", lambda _line: None)
    return desk


def changed(desk: Desk) -> None:
    """An extra topic, a catalogue row before all others, other words, a model learnt anew."""
    with desk.writing() as ctx:
        day = local(ctx.now).date()
        rules = rulebook.current(ctx)
        lexicon = dict(rules.lists["lexicon.words"])
        lexicon["words"] = [*lexicon["words"], "小区物业", "学区划分"]
        urgent = dict(next(body for body in rules.bodies["urgency"] if body["code"] == "JJ-11"))
        urgent["words"] = [*urgent["words"], "停工", "业主"]
        row = {
            "number": "9.90", "topic": "project", "section": "factor", "duty": "试",
            "words": ["路"], "co_sections": [],
        }  # fmt: skip
        topic = {"code": "housing", "label": "住房", "parent": "", "description": "", "order": 99}
        asked = [
            Change("topic", "housing", topic, day),
            Change("catalogue", "9.90", row, day, before=rules.catalogue[0].number),
            Change("words", "lexicon.words", lexicon, day),
            Change("urgency", "JJ-11", urgent, day),
        ]
        rows = changes.drawn(ctx, asked, "系统", "试")
        changes.apply(ctx, rows, people.sections(ctx.session), "rule_changed")
    training.retrain(desk)


def suggested(desk: Desk, given: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """What is suggested for each letter, with all reasons."""
    with desk.reading() as ctx:
        rules = rulebook.current(ctx)
    read = preparing.prepare(desk.settings, rules.words, given)
    return [
        {**preparing.suggest(rules.guide, one, f"{title}\n{text}"), "findings": one.findings}
        for one, (title, text) in zip(read, given, strict=True)
    ]


def decided(found: dict[str, Any]) -> dict[str, Any]:
    """What is suggested and by which rule, whatever version of the model or rule said so."""
    readings = {
        code: {"label": one["label"], "rule": one["rule"]}
        for code, one in found["findings"].items()
    }
    own = {name: value for name, value in found.items() if name.startswith("suggested_")}
    return {**own, "findings": readings}


def carried(one: Desk, other: Desk) -> carrying.Plan:
    """Export here, import there."""
    with one.reading() as ctx:
        content = carrying.pack(ctx)
    with other.writing() as ctx:
        plan = carrying.plan(ctx, content)
        carrying.carry_out(ctx, plan)
    with other.reading() as ctx:
        carrying.place_models(ctx, plan)
    return plan


def main() -> int:
    """Carry a configuration over and compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--letters", type=int, default=1_000)
    asked = options.parse_args()
    given = letters(asked.data, asked.letters)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        here, there = founded(Path(one)), founded(Path(other))
        before = suggested(here, given)
        changed(here)
        wanted = suggested(here, given)
        plan, again = carried(here, there), carried(here, there)
        same = sum(a == b for a, b in zip(wanted, suggested(there, given), strict=True))
    moved = sum(decided(a) != decided(b) for a, b in zip(before, wanted, strict=True))
    told = plan.told
    sys.stdout.write(
        f"letters {len(given)} · decided otherwise than in an untouched home {moved} · "
        f"carried {len(told['rules'])} rules, "
        f"{len(told['models'])} models · same suggestions {same} · "
        f"second import changes {'something' if again.changes else 'nothing'}\n"
    )
    return 0 if same == len(given) and not again.changes else 1


if __name__ == "__main__":
    sys.exit(main())
