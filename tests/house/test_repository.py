"""What may never be committed, and what must be: addresses, paths, secrets, locks, papers."""

import re
import tomllib

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from monitor.settings import Settings
from tests.house.tree import ROOT, files, named, texts

LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")

# Put together here, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    "|".join(
        re.escape(host)
        for host in (
            "py" + "pi.org",
            "python" + "hosted.org",
            "npm" + "js.org",
            "npm" + "js.com",
            "deb." + "debian.org",
            "crates" + ".io",
            "proxy.golang" + ".org",
            "tuna." + "tsinghua",
            "mirrors." + "aliyun",
        )
    )
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.])/(?:"
    + "|".join(["work" + "/(?:main|shared)", "root" + "/", "opt/" + "(?:pypi|wheels)"])
    + ")|"
    + "/home/"
    + r"(?!desk\b)\w"
)
SECRETS = re.compile(
    "-----BEGIN [A-Z ]*"
    "PRIVATE KEY"
    "|"
    r"\bAKIA[0-9A-Z]{16}\b"
    "|"
    r"\bgh[pousr]_[A-Za-z0-9]{30,}"
    "|"
    r"(?i:password|secret|token|api_key)\w*\s*[:=]\s*[\"'][A-Za-z0-9+/_-]{32,}[\"']"
)
# How the real letters are numbered, and where they were written.
REAL_LETTERS = re.compile(
    # A writer, but no number plate, tax form or last cell of a sheet; a coded place; the province.
    r"(?<![A-Za-z0-9\u4e00-\u9fff])A(?!10(?:\d{4}|48576)(?!\d))\d{5,}(?!\d)"
    r"|(?<![A-Za-z0-9])UU\d{4,}"
    r"|(?<![A-Za-z0-9])[A-Z]\d{0,2}(?:市(?!场)|(?<=\d)[区县])"
    "|\u897f\u5730\u7701"
)
PHONE = re.compile(r"(?<![\dA-Za-z.])1[3-9]\d{9}(?![\dA-Za-z])")
HARMLESS_PHONE = re.compile(r"1380000\d{4}")


def lines_with(pattern):
    return [
        f"{name}:{number}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(
    "pattern", [REGISTRIES, MACHINE_PATHS, SECRETS, REAL_LETTERS], ids=lambda p: p.pattern[:12]
)
def test_no_file_holds_what_must_stay_outside(pattern):
    assert lines_with(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (REGISTRIES, "https://" + "pypi" + ".org/simple"),
        (MACHINE_PATHS, "cd /" + "work/main"),
        (MACHINE_PATHS, "/" + "root/.cache"),
        (SECRETS, "-----BEGIN EC " + "PRIVATE KEY-----"),
        (SECRETS, "api_token = '" + "a1B2" * 9 + "'"),
        (REAL_LETTERS, "A" + "00012345"),
        (REAL_LETTERS, "A" + "3" + "区的居民"),
        (REAL_LETTERS, "U" + "U0081182"),
        (REAL_LETTERS, "\u897f\u5730\u7701A\u5e02"),
    ],
)
def test_each_pattern_finds_its_like(pattern, found):
    assert pattern.search(found)


def test_every_phone_is_an_invented_one():
    real = [
        f"{name}:{number}"
        for name, text in texts()
        if not name.endswith(".lock")
        for number, line in enumerate(text.splitlines(), start=1)
        for phone in PHONE.findall(line)
        if not HARMLESS_PHONE.fullmatch(phone)
    ]

    assert real == []


def test_no_key_database_or_upload_is_committed():
    kinds = {".sqlite", ".sqlite3", ".db", ".keys", ".key", ".pem", ".env", ".xls", ".joblib"}

    assert [named(path) for path in files() if path.suffix in kinds or path.name == ".env"] == []


def pinned(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9][\w.-]*)==(\S+)", text, re.M))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())

    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=sha256:)", text, re.M)
    for entry in entries:
        assert entry.startswith("#") or re.match(r"[\w.-]+==\S+", entry), entry[:60]
        assert entry.startswith("#") or "--hash=sha256:" in entry, entry[:60]


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    asked = [(Requirement(line), run) for line in project["dependencies"]] + [
        (Requirement(line), dev) for line in project["optional-dependencies"]["dev"]
    ]

    missing = [
        str(requirement)
        for requirement, lock in asked
        if (version := lock.get(canonicalize_name(requirement.name))) is None
        or version not in requirement.specifier
    ]
    assert missing == []
    assert {name: dev.get(name) for name in run} == run


def test_the_readme_is_short_and_shows_a_picture():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", text)

    assert len(text.splitlines()) <= 80
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)
    assert "make demo" in text
    assert "make test" in text


def commands(command, words=()):
    if hasattr(command, "commands"):
        for name, below in command.commands.items():
            yield from commands(below, (*words, name))
    else:
        yield " ".join(("monitor", *words))


def test_every_command_is_in_the_operations_manual():
    from monitor import cli

    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    known = list(commands(typer.main.get_command(cli.app)))

    assert len(known) > 10
    assert [command for command in known if command not in manual] == []


def test_every_setting_is_in_the_operations_manual():
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    known = [f"MONITOR_{name.upper()}" for name in Settings.model_fields]

    assert [name for name in known if f"`{name}`" not in manual] == []


def test_every_decision_says_what_enforces_it():
    papers = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    assert [int(path.name[:4]) for path in papers] == list(range(1, len(papers) + 1))
    assert len(papers) >= 9
    for path in papers:
        text = path.read_text(encoding="utf-8").lower()
        for heading in ("## context", "## decision", "## consequences", "## alternatives"):
            assert heading in text, f"{path.name}: {heading}"
        assert "## enforced by" in text, path.name
