"""monitor config: the whole configuration leaves one home and enters another, or nothing does."""

import io
import json
import zipfile

import pytest


@pytest.fixture
def packed(monitor, tmp_path):
    path = tmp_path / "office.zip"
    assert monitor("config", "export", path).code == 0
    return path


def _rewritten(path, change):
    with zipfile.ZipFile(path) as file:
        document = json.loads(file.read("configuration.json"))
    change(document)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("configuration.json", json.dumps(document))
    path.write_bytes(made.getvalue())


def test_what_was_exported_changes_nothing_where_it_came_from(monitor, packed):
    told = monitor("config", "import", packed, "--json").json()

    assert (told["rules"], told["sections"], told["models"]) == ([], [], [])


def test_the_file_holds_no_person(packed):
    with zipfile.ZipFile(packed) as file:
        document = json.loads(file.read("configuration.json"))

    assert set(document) == {"format", "made_at", "rules", "sections"}
    assert {rule["kind"] for rule in document["rules"]} >= {"topic", "catalogue", "words", "column"}


def test_a_change_is_told_by_a_dry_run_then_made_once(monitor, packed):
    def change(document):
        row = next(rule for rule in document["rules"] if rule["kind"] == "catalogue")
        row["body"]["words"] = ["冰雪装备"]

    _rewritten(packed, change)

    dry = monitor("config", "import", packed, "--dry-run", "--json").json()
    first = monitor("config", "import", packed, "--json").json()
    second = monitor("config", "import", packed, "--json").json()

    assert [(rule["kind"], rule["act"]) for rule in dry["rules"]] == [("catalogue", "publish")]
    assert first["rules"] == dry["rules"]
    assert second["rules"] == []
    assert monitor("audit", "verify").code == 0


def _nowhere(document):
    row = next(rule for rule in document["rules"] if rule["kind"] == "catalogue")
    row["body"]["section"] = "nowhere"


@pytest.mark.parametrize(
    "change",
    [
        _nowhere,
        lambda document: document.update(format=9),
        lambda document: document.update(rules=7),
        lambda document: document["rules"].append({"kind": "topic"}),
        lambda document: document["rules"][0].update(valid_from="someday"),
        lambda document: document["sections"].append("office"),
        lambda document: document["rules"][-1].update(body={}, kind="urgency"),
    ],
)
def test_a_wrong_configuration_is_refused_as_a_whole(monitor, packed, change):
    _rewritten(packed, change)

    refused = monitor("config", "import", packed)

    assert refused.code == 1
    assert "配置" in refused.err


def test_a_hostile_zip_is_refused_with_a_sentence(monitor, tmp_path):
    path = tmp_path / "bad.zip"
    for name, content in (
        ("../escape", b"x"),
        ("configuration.json", b"[" * 100_000),
        ("configuration.json", b" " * (17 * 2**20)),
    ):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(name, content)
        refused = monitor("config", "import", path)
        assert (refused.code, "配置" in refused.err) == (1, True)
    path.write_bytes(b"PK no zip at all")
    assert monitor("config", "import", path).code == 1


def test_the_public_phone_of_a_section_travels_with_it(monitor, packed):
    def change(document):
        document["sections"][0]["phone"] = "0000 1234"

    _rewritten(packed, change)

    first = monitor("config", "import", packed, "--json").json()
    second = monitor("config", "import", packed, "--json").json()

    assert (len(first["sections"]), second["sections"]) == (1, [])


def test_a_file_of_the_first_release_without_phones_is_taken(monitor, packed):
    def change(document):
        for section in document["sections"]:
            del section["phone"]

    _rewritten(packed, change)

    assert monitor("config", "import", packed, "--json").json()["sections"] == []
