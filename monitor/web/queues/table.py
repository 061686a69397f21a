"""The list with the columns that somebody chose: which they are, its rows, the form to choose."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from markupsafe import Markup

from monitor.reports import orders as report
from monitor.reports.orders import HEADINGS, STANDARD, Heading
from monitor.services.context import Context
from monitor.storage.lists import views
from monitor.storage.lists.views import ListChoice
from monitor.storage.orders import Order
from monitor.web.queues.rows import highlighted, snippet
from monitor.web.queues.wanted import Asked

# How an address says that nobody's columns are wanted.
PLAIN = "-"


def headings(asked: Asked, choice: ListChoice | None) -> tuple[Heading, ...]:
    """The columns of the address, else those the person remembered; none: the list as it is."""
    if asked.cols:
        return report.chosen(asked.columns)
    return report.chosen(choice.columns) if choice else ()


def exported(asked: Asked, choice: ListChoice | None) -> tuple[Heading, ...]:
    """The columns of a table to take away: those of the list, or the standard ones."""
    return headings(asked, choice) or report.chosen(STANDARD)


def rows(
    ctx: Context,
    found: Sequence[Order],
    columns: Sequence[Heading],
    *,
    hits: Sequence[str] = (),
    why: Mapping[UUID, Sequence[str]] | None = None,
) -> list[dict[str, Any]]:
    """One page of orders, a cell a column; the title as staff may read it, with its hits."""
    shown = []
    for line in report.lines(ctx, found, report.labels(ctx)):
        order = line.order
        piece = snippet(order.text, hits) if hits else None
        shown.append(
            {
                "number": order.number,
                "order": order,
                "href": f"/desk/orders/{order.number}",
                "cells": [(column, _cell(column, line, hits)) for column in columns],
                "facts": [*([piece] if piece else []), *(why or {}).get(order.id, ())],
            }
        )
    return shown


def _cell(column: Heading, line: report.Line, hits: Sequence[str]) -> str | Markup:
    if column.code == "title":
        return highlighted(line.order.title, hits)
    text = column.cell(line)
    return highlighted(text, hits[:1]) if column.code in {"number", "upstream"} else text


def choices(columns: Sequence[Heading]) -> list[dict[str, Any]]:
    """Every column there is with its place, those that are shown first."""
    places = {column.code: place for place, column in enumerate(columns, start=1)}
    inside = [*columns, *(one for code, one in HEADINGS.items() if code not in places)]
    return [
        {"code": one.code, "title": one.title, "place": places.get(one.code, "")} for one in inside
    ]


def remember(ctx: Context, columns: Sequence[Heading]) -> None:
    """Open lists with these columns from now on; with none, as they are."""
    if ctx.person.id is not None:
        views.choose(ctx.session, ctx.person.id).columns = [column.code for column in columns]
