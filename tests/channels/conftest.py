"""Read tables from memory as the office would: fixed moment, a plain test for marks."""

import re
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.channels import sheet
from monitor.domain.vocabulary import Channel

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
MARK = re.compile(r"[绝机秘][\s\u200b]*密[\s\u200b]*[★☆]")

Open = Callable[..., AbstractContextManager[sheet.Sheet]]


def marked(text: str) -> bool:
    return MARK.search(text) is not None


@pytest.fixture(scope="session")
def columns() -> sheet.Columns:
    return sheet.Columns.load(ROOT / "data" / "columns.toml")


@pytest.fixture
def opened(columns: sheet.Columns) -> Open:
    """Open bytes behind a nameless file, as an upload is."""

    @contextmanager
    def opening(data: bytes, name: str = "a.xlsx", **changed: Any) -> Any:
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            given: dict[str, Any] = {
                "channel": Channel.HOTLINE,
                "now": NOW,
                "columns": columns,
                "marked": marked,
            }
            with sheet.read(file.fileno(), name, **(given | changed)) as found:
                yield found

    return opening
