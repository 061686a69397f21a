"""The commands: a stable contract for scripts; sentences for people, JSON with --json."""

import atexit
import gc
import os
import sys
from typing import NoReturn

import typer

from monitor.cli import clocks, handing, office, records, texts, trust
from monitor.cli.speaking import complain

app = typer.Typer(
    name="monitor",
    help="回应台：诉求登记、研判、分办、答复、公开与时限监测。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.callback()(office.where)
for commands in (
    office.COMMANDS, records.COMMANDS, handing.COMMANDS, texts.COMMANDS, clocks.COMMANDS,
):  # fmt: skip
    for name, command in commands.items():
        app.command(name)(command)
app.add_typer(trust.person, name="person")
app.add_typer(trust.key, name="key")
app.add_typer(trust.audit, name="audit")
app.add_typer(handing.config, name="config")


def main() -> NoReturn:
    """Run a command; a refusal is one sentence and exit code 1, never a traceback."""
    # What an office keeps is for the one who runs it alone.
    os.umask(0o077)
    # What is left at the end goes with the process: to take it apart costs a third of a second.
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except Exception as error:  # noqa: BLE001 -- the last door: every failure becomes a sentence
        sys.exit(complain(error))
    sys.exit(0)
