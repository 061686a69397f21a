"""What went wrong, drawn as page, fragment or JSON; nothing that was typed is lost."""

import logging
import re
import secrets
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from monitor.domain.access import Acting
from monitor.domain.errors import DeskError, Incomplete, SecrecyMarked, Stale
from monitor.domain.vocabulary import FIELD_LABELS
from monitor.services.desk import PUBLIC
from monitor.services.rulebook.shapes import SHAPES
from monitor.web import cookies, render
from monitor.web.deps import desk_of
from monitor.web.failures import NoKey, NotSignedIn
from monitor.web.navigation import bare_frame

log = logging.getLogger("monitor.web")
_HERE = Path(__file__).resolve().parents[1]
_NEVER_SHOWN = frozenset(
    {*cookies.TOKEN_FIELDS, "seen", "next", "token", "code", "password", "password_again", "old"}
)
# What was chosen, not written: a code of ours would tell nobody anything.
_CHOSEN = re.compile(r"[a-z0-9_.-]{1,40}")
_WRITTEN = frozenset({"title", "text", "name", "phone", "answer", "note", "reason", "outcome", "q"})


_STATUS_WORDS = {
    400: ("请求无法识别", "服务器看不懂这个请求。", "请返回上一页，刷新后重试。"),
    401: ("请先登录", "这里只对工作人员开放。", "请登录后再打开。"),
    403: ("没有权限", "您的岗位不能办这件事。", ""),
    404: ("没有找到", "没有这个页面，或它不属于您。", "请核对地址，或从首页进入。"),
    405: ("不支持这样的操作", "这个地址不接受这种请求。", "请从页面上的按钮进入。"),
    408: ("提交超时", "内容没有在规定时间内传完。", "请检查网络后重试。"),
    413: ("内容过大", "提交的内容超过了上限。", "请删减，或拆分后分别提交。"),
    415: ("格式不支持", "不接受这种格式的内容。", ""),
    422: ("填写有误", "有的内容不符合要求。", "请改正后重新提交。"),
    429: ("操作过于频繁", "短时间内尝试次数过多。", "请稍后再试。"),
    500: ("系统出错", "这件事没有办成，没有保存任何改动。", "请稍后重试，或把编号告诉管理员。"),
    503: ("系统正忙", "数据库暂时没有响应，未保存任何改动。", "请稍后重试。"),
}  # fmt: skip
_FAULTS = {
    "missing": "没有填写",
    "string_too_long": "太长了",
    "string_too_short": "太短了",
    "string_pattern_mismatch": "格式不对",
    "int_parsing": "须是整数",
    "int_from_float": "须是整数",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
    "date_from_datetime_parsing": "不是有效的日期",
    "date_parsing": "不是有效的日期",
    "datetime_parsing": "不是有效的时间",
    "datetime_from_date_parsing": "不是有效的时间",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
    "bool_parsing": "须选“是”或“否”",
    "json_invalid": "不是有效的 JSON",
}


@dataclass(frozen=True)
class Trouble:
    """What is told about something that went wrong."""

    status: int
    title: str
    message: str
    remedy: str = ""
    rule: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    incident: str = ""
    stale: bool = False
    secret: bool = False


def install(app: FastAPI) -> None:
    """Draw every expected failure of an endpoint."""
    app.add_exception_handler(DeskError, refused)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(OverflowError, refused)
    app.add_exception_handler(DataError, refused)
    app.add_exception_handler(OperationalError, refused)


def refused(request: Request, error: Exception) -> Response:
    """The answer to a failure; a refused secret is an event in a transaction of its own."""
    if isinstance(error, SecrecyMarked):
        record_refused_secret(request)
    if isinstance(error, NotSignedIn) and _may_sign_in(request):
        return RedirectResponse("/login?next=" + quote(_here(request), safe="/"), 303)
    trouble = trouble_of(error)
    response = draw(request, trouble)
    if isinstance(error, HTTPException):
        for name, value in (error.headers or {}).items():
            response.headers[name] = value
    if isinstance(error, NoKey):
        response.headers["www-authenticate"] = "Bearer"
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        response.headers["retry-after"] = str(wait)
    return response


def answer(request: Request, error: Exception) -> Response:
    """The answer to anything at all, even when the pages themselves are broken."""
    try:
        return refused(request, error)
    except Exception as second:  # noqa: BLE001
        incident = note(second)
        text = f"系统出错，已经记下，编号 {incident}。请稍后重试。"
        return PlainTextResponse(text, 500, {"cache-control": "no-store"})


def trouble_of(error: Exception) -> Trouble:
    """A failure in words; never with a word of the text that caused it."""
    if isinstance(error, DeskError):
        fields = error.fields if isinstance(error, Incomplete) else {}
        return Trouble(
            error.status, error.title, error.message, error.remedy, error.rule, fields,
            stale=isinstance(error, Stale), secret=isinstance(error, SecrecyMarked),
        )  # fmt: skip
    if isinstance(error, RequestValidationError):
        fields = _faults(error)
        words = "；".join(f"{label_of(name)}{fault}" for name, fault in fields.items())
        return Trouble(422, "填写有误", f"请改正：{words}。", "改正后重新提交。", fields=fields)
    if isinstance(error, HTTPException):
        status = error.status_code if error.status_code in _STATUS_WORDS else 400
        return Trouble(error.status_code, *_STATUS_WORDS[status])
    if isinstance(error, OverflowError | DataError):
        return Trouble(422, "填写有误", "有的数字超出了可用的范围。", "请改正后重试。")
    status = 503 if isinstance(error, OperationalError) else 500
    return Trouble(status, *_STATUS_WORDS[status], incident=note(error))


def note(error: BaseException) -> str:
    """Log where an unexpected error came from, and under which number; never what it said.

    A message may quote what somebody wrote, so only its class and our own lines are kept.
    """
    incident = secrets.token_hex(4).upper()
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"{Path(one.filename).relative_to(_HERE.parent)}:{one.lineno} {one.name}"
        for one in frames
        if Path(one.filename).is_relative_to(_HERE)
    ]
    log.error("incident %s: %s at %s", incident, type(error).__name__, " < ".join(lines[::-1]))
    return incident


def draw(request: Request, trouble: Trouble) -> Response:
    """The trouble as JSON, as a fragment or as a page, whichever was asked for."""
    headers = {"cache-control": "no-store"}
    if wants_json(request):
        body: dict[str, object] = {
            "status": trouble.status,
            "title": trouble.title,
            "detail": trouble.message,
        }
        for name in ("remedy", "rule", "fields", "incident"):
            if value := getattr(trouble, name):
                body[name] = value
        return JSONResponse(body, trouble.status, headers)
    person: Acting | None = getattr(request.state, "who", None)
    staff = person is not None and person is not PUBLIC and person.id is not None
    values: dict[str, object] = {
        "layout": "base.html" if staff else "public_base.html",
        "page_title": trouble.title,
        "trouble": trouble,
        "labels": {name: label_of(name) for name in trouble.fields},
        "kept": _kept(request) if trouble.status in {409, 422} and not trouble.secret else [],
        "again": _again(request),
        "demo": desk_of(request).settings.demo,
    }
    if staff and person is not None:
        values.update(bare_frame(request, person))
    fragment = "trouble" if request.headers.get("x-fragment") else None
    return render.page(
        "error.html", fragment=fragment, status=trouble.status, headers=headers, **values
    )


def record_refused_secret(request: Request) -> None:
    """Write down that a text was refused and at which door, in a transaction of its own."""
    desk = desk_of(request)
    person: Acting = getattr(request.state, "who", None) or PUBLIC
    route = request.scope.get("route")
    with desk.writing(person) as ctx:
        ctx.record_system("secrecy_refused", door=getattr(route, "path", "") or "http")


def wants_json(request: Request) -> bool:
    """Whether the caller reads JSON rather than a page."""
    if request.url.path.startswith("/api/"):
        return True
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def label_of(name: str) -> str:
    """The words people read for a field."""
    return _FORM_LABELS.get(name) or FIELD_LABELS.get(name) or _RULE_LABELS.get(name) or name


_FORM_LABELS = {
    "username": "用户名",
    "password": "密码",
    "old": "原密码",
    "password_again": "再次输入的密码",
    "title": "标题",
    "name": "姓名",
    "phone": "电话",
    "q": "搜索词",
    "seen": "所见版本",
    "number": "工单编号",
    "code": "查询码",
    "phone_tail": "电话后四位",
    "publish": "是否同意公开",
    "from": "起始日期",
    "to": "截止日期",
    "as_of": "回看日期",
    "figure": "指标",
    "issue_id": "热点",
    "roles": "岗位",
    "note": "内部办理情况",
    "without": "为什么不等协办意见",
    "other": "其他理由",
    "place": "问题发生地",
    "received_at": "来件时间",
    "letter": "公开稿的来信",
    "opinion": "审核意见",
    "label": "名称",
    "duties": "职责",
    "position": "次序",
    "channel": "渠道",
    "channels": "渠道",
    "on": "值班",
    "kind": "怎样",
    "deputy": "代理人",
    "first_day": "开始日期",
    "last_day": "结束日期",
    "successor": "接手人",
    "expires": "到期日",
    "valid_from": "生效日期",
}
_RULE_LABELS = {field.name: field.label for shape in SHAPES.values() for field in shape.fields}


def _faults(error: RequestValidationError) -> dict[str, str]:
    found = {}
    for fault in error.errors():
        place = [str(part) for part in fault.get("loc", ()) if isinstance(part, str)]
        name = place[-1] if len(place) > 1 else "内容"
        found[name[:40]] = _FAULTS.get(str(fault.get("type")), "不符合要求")
    return found


def _kept(request: Request) -> list[dict[str, str]]:
    given: list[tuple[str, str]] = getattr(request.state, "given", [])
    return [
        {"label": label_of(name), "text": text}
        for name, text in given
        if text.strip() and name not in _NEVER_SHOWN and not _is_choice(name, text)
    ]


def _is_choice(name: str, text: str) -> bool:
    return name not in _WRITTEN and bool(_CHOSEN.fullmatch(text))


def _again(request: Request) -> str:
    number = request.path_params.get("number", "")
    if request.url.path.startswith("/desk/orders/") and number:
        return f"/desk/orders/{number}"
    return ""


def _may_sign_in(request: Request) -> bool:
    return request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "")


def _here(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
