"""A demonstration begins anew: killed between any two files, it is whole after the next start."""

from pathlib import Path

import pytest

from monitor.domain.errors import Refused
from monitor.services.office import ground
from monitor.settings import Settings
from monitor.tasks import ground as resetting

OLD = ("desk.sqlite", "desk.sqlite-wal", "keys/desk.keys", "models/topic.model", "staging/a/b")
NEW = ("desk.sqlite", "keys/desk.keys", "models/topic.model", "demo.ready")


class PowerCut(BaseException):
    """The machine stops here."""


@pytest.fixture
def home(tmp_path) -> Settings:
    """A marked home full of old things, in which a reset was asked for."""
    found = Settings(home=tmp_path / "home")
    for name in OLD:
        put(found, name, "old")
    put(found, ground.MARK, "")
    assert found.key_path.exists()
    ground.note(found, ground.ASKED)
    return found


def put(settings: Settings, name: str, text: str) -> None:
    path = settings.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def build(settings: Settings) -> None:
    assert not any(settings.home.iterdir())
    for name in NEW:
        put(settings, name, "new")
    assert settings.key_path.read_text() == "new"


def inside(settings: Settings) -> dict[str, str]:
    files = [path for path in settings.home.rglob("*") if path.is_file()]
    return {str(path.relative_to(settings.home)): path.read_text() for path in files}


WHOLE = {**dict.fromkeys(NEW, "new"), ground.MARK: ""}


def test_a_reset_leaves_a_new_bureau_and_nothing_of_the_old(home):
    assert resetting.finish(home, build)

    assert inside(home) == WHOLE
    assert {path.name for path in home.home.iterdir()} == {
        "desk.sqlite", "keys", "models", "demo.ready", ground.MARK,
    }  # fmt: skip
    assert not resetting.finish(home, build)


def test_a_reset_cut_off_at_any_deed_is_finished_by_the_next_start(home, monkeypatch):
    left, cuts = 0, 0

    def counted(deed):
        def wrapped(*given, **named):
            nonlocal left
            left -= 1
            if left < 0:
                raise PowerCut
            return deed(*given, **named)

        return wrapped

    for name in ("unlink", "rmdir", "replace", "mkdir", "write_text"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    while True:
        left = cuts
        try:
            resetting.finish(home, build)
            break
        except PowerCut:
            cuts += 1
            left = 1_000_000
            # Begun again from the same old home, so that each deed is the last one once.
            resetting.finish(home, build)
            assert inside(home) == WHOLE
            (home.home / "demo.ready").unlink()
            for old in OLD:
                put(home, old, "old")
            ground.note(home, ground.ASKED)

    assert cuts > 15
    assert inside(home) == WHOLE


def test_the_old_bureau_is_whole_until_the_new_one_is(home):
    def broken(settings: Settings) -> None:
        put(settings, "desk.sqlite", "half")
        raise PowerCut

    with pytest.raises(PowerCut):
        resetting.finish(home, broken)

    assert {name: text for name, text in inside(home).items() if name in OLD} == dict.fromkeys(
        OLD, "old"
    )
    assert ground.asked(home) == ground.ASKED


@pytest.mark.parametrize("real", ["unmarked", "its own database"])
def test_no_other_home_is_touched_whatever_was_asked(home, real):
    if real == "unmarked":
        (home.home / ground.MARK).unlink()
    else:
        home = home.model_copy(update={"database_url": "postgresql://desk@localhost/desk"})
    before = inside(home)

    with pytest.raises(Refused, match="不是演示局"):
        resetting.finish(home, build)

    assert inside(home) == before
