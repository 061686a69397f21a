"""The API's document is true: what it allows is taken, what it tells is what is answered."""

from datetime import UTC, datetime

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from monitor.services.office import machines
from tests.web import open_house

DOCUMENT = "/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    positive_data_acceptance,
    ignored_auth,
]
HERE = {"Host": "localhost:8000"}
CALLS = 25
OPERATIONS = [
    ("POST", "/api/v1/orders"),
    ("GET", "/api/v1/orders"),
    ("GET", "/api/v1/orders/{number}/moves"),
    ("GET", "/api/v1/orders/{number}/clocks"),
    ("GET", "/api/v1/public/answers"),
    ("GET", "/api/v1/public/answers/{number}"),
]


@pytest.fixture
def token(desk):
    with desk.writing() as ctx:
        return machines.add_key(ctx, "热线平台")


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_generated_calls_are_answered_as_told(app, desk, visitor, token, clock, method, path, mode):
    number, _ = open_house.write(visitor())
    open_house.walk(desk, number, "published")
    # No schema can say 不晚于现在: seen from here, nearly every day that it allows has been.
    clock.now = datetime(2098, 12, 31, 15, 59, tzinfo=UTC)
    schema = schemathesis.openapi.from_asgi(DOCUMENT, app, headers=HERE)
    headers = HERE if "public" in path else {**HERE, "Authorization": f"Bearer {token}"}

    # Words in an address that nobody asked for are passed over; in a record they are refused.
    checks = [*CHECKS, negative_data_rejection] if method == "POST" else CHECKS

    @settings(
        max_examples=CALLS, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def call(case):
        if isinstance(case.body, dict):
            assume("2099" not in str(case.body.get("received_at")))
            assume(any(sign.isalnum() for sign in str(case.body.get("text"))))
        case.call_and_validate(headers=headers, checks=checks)

    call()


def answers_of(app):
    """Every documented answer: address, status, name of its shape."""
    for path, verbs in app.openapi()["paths"].items():
        for verb, told in verbs.items():
            for status, answer in told["responses"].items():
                shape = answer["content"]["application/json"]["schema"]["$ref"]
                yield f"{verb} {path}", int(status), shape.rpartition("/")[2]


def test_every_failure_is_told_in_the_shape_it_has(app):
    found = list(answers_of(app))

    assert {shape for _, status, shape in found if status >= 400} == {"Failure"}
    assert "Failure" not in {shape for _, status, shape in found if status < 400}
    assert "HTTPValidationError" not in app.openapi()["components"]["schemas"]
    told = {one: {status for where, status, _ in found if where == one} for one, *_ in found}
    always = {400, 422, 500, 503}
    assert told == {
        "post /api/v1/orders": {200, 201, 401, 408, 409, 413, 415, *always},
        "get /api/v1/orders": {200, 401, 404, *always},
        "get /api/v1/orders/{number}/moves": {200, 401, 404, *always},
        "get /api/v1/orders/{number}/clocks": {200, 401, 404, *always},
        "get /api/v1/public/answers": {200, *always},
        "get /api/v1/public/answers/{number}": {200, 404, *always},
    }


def test_a_known_upstream_number_is_told_as_200(app, desk, visitor, token):
    browser = visitor()
    headers = {"Authorization": f"Bearer {token}", "accept": "application/json"}
    record = {"channel": "hotline", "text": "补贴何时拨付", "upstream_no": "12345-1"}

    statuses = [
        browser.post("/api/v1/orders", json=record, headers=headers).status_code for _ in range(2)
    ]

    assert statuses == [201, 200]
