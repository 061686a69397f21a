"""Take the pictures of the README and the handbook anew, from a demonstration bureau.

    .venv/bin/python scripts/pictures.py        (or: make pictures)

The bureau is built for one fixed moment, so that the pictures differ only where the pages do.
"""

import os
import shutil
import socket
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from monitor.cli import demonstration
from monitor.services.desk import Desk
from monitor.settings import Settings
from monitor.web import server

DOCS = Path(__file__).resolve().parents[1] / "docs"
MOMENT = datetime(2026, 10, 14, 2, 24, tzinfo=UTC)
PORT = 8293
HERE = f"http://127.0.0.1:{PORT}"


class Picture(NamedTuple):
    """What is shown: whose page, at which address, under which name."""

    name: str
    person: str
    address: str


PICTURES = (
    Picture("inbox", "lin", "/desk/inbox"),
    Picture("register", "lin", "/desk/register"),
    Picture("import", "lin", "/desk/import"),
    Picture("section", "zhou", "/desk/section?tab=in_hand"),
    Picture("review", "qian", "/desk/review"),
    Picture("dashboard", "sun", "/desk/dashboard"),
)


def main() -> None:
    """Build, serve, look, write."""
    chromium = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        # It draws the same pages, but calls the browser's own buttons by English names.
        or shutil.which("chromium-headless-shell")
    )
    if not chromium:
        sys.exit("没有找到 chromium：请先运行 make test，或用 CHROMIUM 指明它在哪里。")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), demo=True)
        desk = Desk.open(settings, lambda: MOMENT, create=True)
        demonstration.build(desk, settings.data_dir, MOMENT, lambda _line: None)
        threading.Thread(target=server.serve, args=(desk, "127.0.0.1", PORT), daemon=True).start()
        with sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--lang=zh-CN"]
            )
            for picture in PICTURES:
                page = browser.new_page(
                    viewport={"width": 1440, "height": 900},
                    locale="zh-CN",
                    timezone_id="Asia/Shanghai",
                )
                take(page, picture)
                page.close()
    shutil.copy(DOCS / "handbook" / "pictures" / "inbox.png", DOCS / "pictures" / "inbox.png")


def take(page: Page, picture: Picture) -> None:
    """One page as its person sees it."""
    _wait()
    page.goto(f"{HERE}/login")
    page.fill("[name=username]", picture.person)
    page.fill("[name=password]", demonstration.PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{HERE}{picture.address}")
    page.wait_for_load_state("networkidle")
    path = DOCS / "handbook" / "pictures" / f"{picture.name}.png"
    path.parent.mkdir(exist_ok=True)
    page.screenshot(path=path)
    sys.stdout.write(f"{path.name}\n")


def _wait() -> None:
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", PORT), timeout=2):
                return
        except OSError:
            threading.Event().wait(0.1)
    sys.exit("演示局没有启动。")


if __name__ == "__main__":
    main()
