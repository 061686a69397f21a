"""Forms and JSON bodies as they arrive: size of the pieces, characters, origin, token, secrets."""

import re
from collections import Counter
from typing import Any, get_origin
from urllib.parse import unquote_to_bytes, urlsplit

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from monitor.domain.errors import Incomplete
from monitor.services import reading
from monitor.web import cookies
from monitor.web.door import SHEETS
from monitor.web.failures import Forged, Malformed, Unwritable, WrongKind

MOST_FIELDS = 200
# Two for each column of a sheet whose headings a person assigns; each ticked row of a list.
MOST_SHEET_FIELDS = 2_000
_LONG_FORMS = frozenset({SHEETS, "/desk/bulk"})
MOST_FILES = 20
_LISTS = (list, tuple, set, frozenset)
# Tab, line feed and carriage return are what people type; the rest no database column needs.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_RAW = re.compile(rb"[\x80-\xff]")
_UTF8 = frozenset({"", "utf-8", "utf8"})
_DEEPEST = 20


def single_fields(dependant: Dependant) -> frozenset[str]:
    """The names of an endpoint's form fields that may be given once only."""
    names: set[str] = set()
    for param in [*dependant.body_params, *_inner(dependant)]:
        kind = param.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= {
                field.alias or name
                for name, field in kind.model_fields.items()
                if not _repeats(field.annotation)
            }
        elif not _repeats(kind):
            names.add(param.alias)
    return frozenset(names)


def _inner(dependant: Dependant) -> list[Any]:
    return [param for one in dependant.dependencies for param in [*one.body_params, *_inner(one)]]


def _repeats(annotation: Any) -> bool:
    return (get_origin(annotation) or annotation) in _LISTS


async def receive(request: Request, single: frozenset[str], *, machine: bool) -> None:
    """Read what was sent and refuse what must not go further; after the guard, before the deed."""
    if not machine:
        refuse_foreign(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        _refuse_charset(request)
        await _receive_form(request, single, machine=machine)
        return
    if not machine:
        _check_token(request, request.headers.get(cookies.HEADER_FOR_FORMS, ""))
    if kind == "application/json" or kind.endswith("+json"):
        await _receive_json(request)
    elif _has_body(request):
        raise WrongKind("不接受这种格式的内容。", remedy="请提交表单或 JSON。")


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return length != "0" or "transfer-encoding" in request.headers


async def _receive_form(request: Request, single: frozenset[str], *, machine: bool) -> None:
    if not request.headers.get("content-type", "").lower().startswith("multipart/"):
        await _read_as_utf8(request)
    most = MOST_SHEET_FIELDS if request.url.path in _LONG_FORMS else MOST_FIELDS
    form = await request.form(max_fields=most, max_files=MOST_FILES)
    items = form.multi_items()
    if not machine:
        tokens = [value for name, value in items if name in cookies.TOKEN_FIELDS]
        token = tokens[0] if len(tokens) == 1 else request.headers.get(cookies.HEADER_FOR_FORMS, "")
        _check_token(request, token if isinstance(token, str) else "")
    texts = [(name, value) for name, value in items if isinstance(value, str)]
    request.state.given = texts
    for name, count in Counter(name for name, _ in items).items():
        if count > 1 and name in single:
            raise Malformed("表单里有一项重复提交了。", remedy="请刷新页面后重新填写。")
    given = [(name, value) for name, value in items if isinstance(value, UploadFile)]
    request.state.files = given
    files = [file for _, file in given]
    names = [name for name, _ in items]
    strings = [value for _, value in texts]
    _refuse_unwritable([*names, *strings, *(file.filename or "" for file in files)])
    await run_in_threadpool(
        reading.refuse_secrets, *strings, *(file.filename or "" for file in files)
    )


async def _read_as_utf8(request: Request) -> None:
    body = await request.body()
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        raise Incomplete("文字编码有误。", remedy="请用 UTF-8 重新提交。") from None
    # Bytes sent bare would be read one letter each; written as %XX they are read as meant.
    request._body = _RAW.sub(lambda byte: b"%%%02X" % byte[0][0], body)


async def _receive_json(request: Request) -> None:
    try:
        # Kept by the request: the endpoint need not read it again.
        body = await request.json()
    except (ValueError, RecursionError):
        raise Malformed("请求正文不是有效的 JSON（UTF-8）。") from None
    _refuse_unwritable(_strings(body, _DEEPEST))


def _strings(value: Any, depth: int) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, dict | list):
        return []
    if depth == 0:
        raise Malformed("请求正文嵌套过深。")
    inner = [*value, *value.values()] if isinstance(value, dict) else value
    return [text for one in inner for text in _strings(one, depth - 1)]


def refuse_foreign(request: Request) -> None:
    """Refuse a form that another site sent in this browser's name."""
    site = request.headers.get("sec-fetch-site", "")
    if site not in {"", "same-origin", "none"}:
        raise Forged("这个请求来自别的网站，未予办理。")
    origin = request.headers.get("origin", "")
    if not origin or (origin == "null" and site in {"same-origin", "none"}):
        return
    if urlsplit_host(origin) != request.headers.get("host", "").lower():
        raise Forged("这个请求来自别的网站，未予办理。")


def urlsplit_host(origin: str) -> str:
    """Host and port of an origin; empty when it is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _check_token(request: Request, token: str) -> None:
    if not cookies.csrf_holds(request, token):
        raise Forged(
            "这张表单已经过期，或不是从本系统的页面提交的。",
            remedy="请返回上一页，刷新后重新提交；浏览器须允许本站的 Cookie。",
        )


def _refuse_charset(request: Request) -> None:
    for part in request.headers.get("content-type", "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset" and value.strip(" \"'").lower() not in _UTF8:
            raise Malformed("表单须用 UTF-8 编码。")


def _refuse_unwritable(texts: list[str]) -> None:
    if any(_UNWRITABLE.search(text) for text in texts):
        raise Unwritable(
            "内容里有无法保存的控制字符。", remedy="请删去看不见的特殊字符后重新提交。"
        )
