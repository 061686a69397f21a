"""Whatever is sent to whichever address: an answer, and never a failure of ours."""

import re
from urllib.parse import quote

import pytest
from fastapi.routing import iter_route_contexts

from monitor.services.office import machines
from monitor.web.guard import Area, area_of
from tests.web.conftest import CAST

ODD = [
    "\x00",
    "9" * 20,
    "-1",
    "é\u202e",
    "%ED%A0%80",
    "a" * 3000,
    "' OR 1=1 --",
    "{{7*7}}",
    "../..",
]
QUERIES = ["page", "after", "q", "order", "limit", "at", "from", "to", "next", "tab", "section"]
STAFF = ("lin", "zhou", "qian", "sun", "xiang")


def addresses(app):
    """Every address with its parts; streams are left out, for they do not end."""
    for context in iter_route_contexts(app.routes):
        path, route = context.path or "", context.original_route
        if context.methods and "stream" not in path and hasattr(route, "area"):
            yield path, sorted(context.methods), route


def filled(path: str, odd: str) -> str:
    return re.sub(r"\{[^}]*\}", lambda _part: quote(odd, safe="%"), path)


@pytest.fixture
def clients(desk, visitor, signed_in):
    with desk.writing() as ctx:
        token = machines.add_key(ctx, "odd")
    machine = visitor()
    machine.headers["authorization"] = f"Bearer {token}"
    staff = {name: signed_in(name) for name in STAFF}
    tokens = {name: client.token("/desk/me") for name, client in staff.items()}
    return machine, visitor(), staff, tokens


def asked(app, clients):
    """A client for each address, with the token of its forms."""
    machine, public, staff, tokens = clients
    public_token = public.token("/login")
    for path, methods, route in addresses(app):
        if area_of(path) is Area.MACHINE:
            yield path, methods, machine, ""
        elif area_of(path) is Area.PUBLIC:
            yield path, methods, public, public_token
        elif path != "/logout":
            # The first who may come in, for the others are refused before anything is read.
            name = next((name for name in STAFF if CAST[name][2][0] in route.roles), STAFF[0])
            yield path, methods, staff[name], tokens[name]


def test_odd_addresses_and_queries_are_answered(app, clients, desk):
    object.__setattr__(desk, "candid", False)
    broken = []
    for path, methods, client, _ in asked(app, clients):
        if "GET" not in methods:
            continue
        for odd in ODD:
            answers = [
                client.get(filled(path, odd)),
                client.get(filled(path, "HY20261009-001"), params=dict.fromkeys(QUERIES, odd)),
            ]
            broken += [
                (answer.status_code, path, odd) for answer in answers if answer.status_code >= 500
            ]

    assert broken == []


def test_odd_forms_are_answered(app, clients, desk):
    object.__setattr__(desk, "candid", False)
    broken = []
    for path, methods, client, token in asked(app, clients):
        if not {"POST", "PUT", "DELETE", "PATCH"} & set(methods):
            continue
        dependant = next(
            context.original_route.dependant
            for context in iter_route_contexts(app.routes)
            if context.path == path and set(context.methods or ()) == set(methods)
        )
        names = {param.alias for param in dependant.body_params} | {"text", "seen", "reason"}
        here = filled(path, "HY20261009-001")
        for odd in ODD[:6]:
            body = {"csrf_token": token, **dict.fromkeys(names, odd)}
            status = client.request(methods[-1], here, data=body).status_code
            broken += [(status, path, odd)] if status >= 500 else []
        bare = client.request(methods[-1], filled(path, ODD[3]), data={"csrf_token": token})
        whole = client.request(methods[-1], here, json=dict.fromkeys(names, 10**30))
        broken += [(one.status_code, path) for one in (bare, whole) if one.status_code >= 500]

    assert broken == []


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get", "X" * 200])
def test_odd_methods_are_answered(visitor, method):
    one = visitor()

    statuses = {
        one.request(method, path).status_code for path in ("/login", "/desk", "/api/v1/orders", "/")
    }

    assert max(statuses) < 500


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "session=" + "x" * 15000},
        {"cookie": "session=\xe9\xff; visitor=\xe9.\xff; said=\xe9.\xff"},
        {"cookie": ";;;=;session; =x"},
        {"cookie": "said=W10=.x; visitor=.; session="},
        {"accept": "\xff"},
        {"accept-language": "x" * 9000},
        {"content-type": "\xff; charset=\xff"},
        {"authorization": "Bearer \xff\xfe"},
        {"authorization": "Basic Og=="},
        {"x-fragment": "content{{7*7}}"},
        {"x-csrf-token": "\xff"},
        {"range": "bytes=-1,0-,9-1"},
        {"if-modified-since": "x", "if-none-match": "\xff"},
        {"origin": "\xff", "sec-fetch-site": "\xff"},
    ],
)
def test_odd_headers_are_answered(visitor, headers):
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    one = visitor()

    statuses = {
        one.request(method, path, headers=raw).status_code
        for method in ("GET", "POST")
        for path in ("/login", "/desk", "/api/v1/orders", "/static/app.css")
    }

    assert max(statuses) < 500
