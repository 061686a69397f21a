"""Menus: every leaf of a folder is on its menu once, with a Chinese label and its contract."""

import importlib
import pkgutil
import re

import classifiers
import monitor.channels
import monitor.web.pages
from monitor.domain.vocabulary import Via
from monitor.web.navigation import Page
from tests.house.tree import ROOT, named

CHINESE = re.compile("[\u4e00-\u9fff]")


def leaves(package):
    return {
        importlib.import_module(f"{package.__name__}.{leaf.name}")
        for leaf in pkgutil.iter_modules(package.__path__)
    }


def test_every_channel_is_on_the_menu_once():
    menu = monitor.channels.CHANNELS

    assert len(menu) == len(set(menu))
    assert set(menu) == leaves(monitor.channels)


def test_every_channel_names_a_way_in_of_its_own():
    ways = [channel.VIA for channel in monitor.channels.CHANNELS]

    assert all(isinstance(way, Via) and CHINESE.search(way.label) for way in ways)
    assert len(ways) == len(set(ways))


def test_every_page_is_on_the_menu_once():
    menu = list(map(id, monitor.web.pages.PAGES))

    assert len(menu) == len(set(menu))
    assert sorted(menu) == sorted(id(page.PAGE) for page in leaves(monitor.web.pages))


def test_every_page_has_routes_and_a_chinese_label():
    for page in monitor.web.pages.PAGES:
        assert isinstance(page, Page)
        assert page.router.routes, page.label
        assert CHINESE.search(page.label)
        assert all(CHINESE.search(entry.label) for entry in page.entries)


def test_every_template_beside_the_pages_is_drawn_by_one():
    folder = ROOT / "monitor" / "web"
    templates = sorted((folder / "pages").glob("*.html"))
    written = "\n".join(
        path.read_text(encoding="utf-8")
        for suffix in ("py", "html")
        for path in folder.rglob(f"*.{suffix}")
    )

    assert [named(path) for path in templates if f'"{path.name}"' not in written] == []


def test_every_reader_is_on_the_menu_once_with_a_chinese_label():
    codes = [entry.code for entry in classifiers.READERS]

    assert len(codes) == len(set(codes))
    assert all(CHINESE.search(entry.label) for entry in classifiers.READERS)
