"""The configuration leaves by a page and enters by one, after a look at what it would change."""

import io
import json
import zipfile

import pytest

from monitor.services import rulebook
from monitor.services.rulebook.shapes import SHAPES
from monitor.storage import history
from monitor.storage import rulebook as storage

PAGE = "/admin/configuration"


@pytest.fixture
def admin(signed_in):
    return signed_in("xiang")


@pytest.fixture
def packed(admin):
    answer = admin.fill(f"{PAGE}/export", PAGE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    return answer.content


@pytest.fixture
def offer(admin):
    def offer(content, name="office.zip"):
        token = {"csrf_token": admin.token(PAGE)}
        return admin.post(PAGE, data=token, files={"file": (name, content)})

    return offer


def changed(content, change):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        document = json.loads(file.read("configuration.json"))
    change(document)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("configuration.json", json.dumps(document))
    return made.getvalue()


def body_of(document, kind):
    return next(rule["body"] for rule in document["rules"] if rule["kind"] == kind)


def other_words(document):
    body_of(document, "catalogue")["words"] = ["冰雪装备"]


def hidden(answer, name):
    return answer.text.split(f'name="{name}" value="')[1].split('"')[0]


def versions(desk):
    with desk.reading() as ctx:
        return [(row.kind, row.code, row.version) for row in storage.all_versions(ctx.session)]


def first_row(desk):
    with desk.reading() as ctx:
        return rulebook.current(ctx).catalogue[0].words


def happened(desk):
    with desk.reading() as ctx:
        return [event.what for event in history.latest(ctx.session, limit=5)]


def test_what_left_changes_nothing_where_it_came_from(desk, packed, offer):
    assert "没有要改的" in offer(packed).text
    assert "configuration_exported" in happened(desk)


def test_a_look_writes_nothing_and_the_word_publishes_once(desk, admin, packed, offer):
    answer = offer(changed(packed, other_words))
    assert "将发布规则 1 条（派单目录 1）" in answer.text
    assert first_row(desk) != ("冰雪装备",)

    fields = {name: hidden(answer, name) for name in ("ticket", "seen")}
    assert admin.fill(f"{PAGE}/import", PAGE, **fields).status_code == 303

    assert first_row(desk) == ("冰雪装备",)
    assert happened(desk)[0] == "configuration_imported"
    assert admin.fill(f"{PAGE}/import", PAGE, **fields).status_code == 404


def test_what_changed_since_the_look_is_looked_at_again(desk, admin, packed, offer):
    answer = offer(changed(packed, other_words))
    fields = {"ticket": hidden(answer, "ticket"), "seen": "0" * 64}

    assert admin.fill(f"{PAGE}/import", PAGE, **fields).status_code == 409
    assert first_row(desk) != ("冰雪装备",)


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("catalogue", {"duty": ""}, "职责依据"),
        ("catalogue", {"words": "冰雪"}, "词"),
        ("topic", {"label": "长" * 61}, "名称"),
        ("text", {"state": "nowhere"}, "用在何时"),
        ("urgency", {"level": "normal"}, "级别"),
        ("feedback", {"columns": [{"header": "一", "field": "secret"}]}, "列"),
        ("pack", {"in_force": "yes"}, "启用这个规则包"),
        ("topic", {"code": "another"}, "编号"),
        ("card", {"tells": []}, "告知谁"),
        ("notice", {"quiet_from": "25:00"}, "几点起不发"),
        ("announce", {"tells": ["everybody"]}, "告知谁"),
    ],
)
def test_what_a_form_would_refuse_is_refused(desk, packed, offer, kind, wrong, field):
    before = versions(desk)
    answer = offer(changed(packed, lambda document: body_of(document, kind).update(wrong)))

    assert answer.status_code == 422
    assert "配置没有导入" in answer.text
    assert field in answer.text
    assert SHAPES[kind]
    assert versions(desk) == before


@pytest.mark.parametrize("content", [b"PK no zip", b"", b"\x00" * 1000])
def test_what_is_no_configuration_is_refused_with_a_sentence(offer, content):
    answer = offer(content)

    assert answer.status_code == 422
    assert "配置" in answer.text


def test_what_is_too_big_does_not_pass_the_door(desk, offer):
    answer = offer(b"0" * (desk.settings.max_body_bytes + 1))

    assert answer.status_code == 413
    assert "最多 10 MB" in answer.text


def test_a_small_file_that_unfolds_too_far_is_refused(offer):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("configuration.json", b" " * (17 * 2**20))

    answer = offer(made.getvalue())

    assert answer.status_code == 422
    assert "展开后太大" in answer.text


@pytest.mark.parametrize("ticket", ["", "../keys/desk.keys", "f" * 64])
def test_no_ticket_reads_another_file(admin, ticket):
    assert admin.fill(f"{PAGE}/import", PAGE, ticket=ticket, seen="").status_code == 404


def test_only_the_administrator_carries_it(signed_in):
    for username in ("qian", "an", "shen", "lin"):
        assert signed_in(username).get(PAGE).status_code == 403
        refused = signed_in(username).fill(f"{PAGE}/export", "/desk/me")
        assert refused.status_code == 403


def test_the_reviewer_finds_the_rules_in_the_navigation(signed_in):
    assert "规则（只读）" in signed_in("qian").get("/desk/me").text


@pytest.mark.parametrize("code", ["secrecy", "id_card", "bank_card"])
def test_a_configuration_without_the_lawful_core_is_refused(packed, offer, code):
    def drop(document):
        document["rules"] = [
            rule for rule in document["rules"] if (rule["kind"], rule["code"]) != ("mask", code)
        ]

    answer = offer(changed(packed, drop))

    assert answer.status_code == 422
    assert "必须遮盖，遮盖词不能去掉" in answer.text
