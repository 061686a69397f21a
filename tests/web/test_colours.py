"""Colours keep their distance from each other; nothing of ours loads from elsewhere."""

import re
from pathlib import Path

import pytest

from monitor.web import render


def rules(path: Path) -> list[tuple[str, str]]:
    css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    return re.findall(r"([^{}]+)\{([^{}]*)\}", css)


def shades(path: Path) -> dict[str, str]:
    root = next(body for selector, body in rules(path) if selector.strip() == ":root")
    return dict(re.findall(r"(--[\w-]+):(#[0-9a-f]{3,6})", root))


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sheet", ["app.css", "parts.css", "public.css"])
def test_text_set_on_a_colour_can_be_read(sheet):
    path = render.STATIC / sheet
    names = shades(render.STATIC / ("public.css" if sheet == "public.css" else "app.css"))
    found = {}
    for selector, body in rules(path):
        body = re.sub(r"var\((--[\w-]+)\)", lambda name: names.get(name[1], ""), body)
        ink = re.search(r"(?:^|;)color:(#[0-9a-f]{3,6})", body)
        ground = re.search(r"(?:^|;)background:(#[0-9a-f]{3,6})", body)
        if ink and ground:
            found[selector.strip()] = contrast(ink[1], ground[1])

    assert found
    assert {name: round(ratio, 2) for name, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *[(ink, ground) for ink in ("--ink", "--second", "--pale", "--blue", "--blue-dark")
          for ground in ("--white", "--ground", "--soft", "--tint")],
        ("--amber-text", "--white"), ("--amber-text", "--amber-tint"), ("--amber-text", "--tint"),
        ("--red", "--white"), ("--red", "--red-tint"), ("--red", "--tint"), ("--green", "--white"),
        ("--night-text", "--night"), ("--night-pale", "--night"), ("--white", "--night-on"),
    ],
)  # fmt: skip
def test_every_meeting_of_palette_colours_can_be_read(ink, ground):
    names = shades(render.STATIC / "app.css")

    assert contrast(names[ink], names[ground]) >= 4.5


@pytest.mark.parametrize("mark", ["--edge", "--series", "--amber-edge", "--red"])
def test_edges_and_chart_marks_stand_out(mark):
    names = shades(render.STATIC / "app.css")

    assert contrast(names[mark], names["--white"]) >= 3


def test_files_of_ours_load_nothing_from_elsewhere():
    for path in [*render.STATIC.iterdir(), *(render.HERE / "parts").iterdir()]:
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, path.name
        assert "@import" not in text, path.name
        assert "url(" not in text, path.name
