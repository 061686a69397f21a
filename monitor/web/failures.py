"""What the web itself refuses, and the shape of every failure in the API's document."""

from typing import Any

from pydantic import BaseModel, Field

from monitor.domain.errors import DeskError


class NotSignedIn(DeskError):
    """Nobody is signed in."""

    status = 401
    title = "请先登录"


class NoKey(DeskError):
    """A machine came without a key in force."""

    status = 401
    title = "没有有效的密钥"


class Malformed(DeskError):
    """The request cannot be read as what it says it is."""

    status = 400
    title = "请求无法识别"


class Unwritable(DeskError):
    """A character that no column can hold."""

    status = 422
    title = "填写有误"


class Forged(DeskError):
    """A form that no page of ours was drawn for."""

    status = 403
    title = "提交未被接受"


class WrongKind(DeskError):
    """A body of a kind that no endpoint here reads."""

    status = 415
    title = "格式不支持"


class TooLarge(DeskError):
    """More bytes than this address takes."""

    status = 413
    title = "内容过大"


class TooSlow(DeskError):
    """The body did not arrive in time."""

    status = 408
    title = "提交超时"


class WrongHost(DeskError):
    """Asked for under a name that is not ours."""

    status = 400
    title = "地址不对"


class Failure(BaseModel):
    """What went wrong, in words for a person."""

    status: int
    title: str
    detail: str
    remedy: str = ""
    rule: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    incident: str = ""


_WORDS = {
    400: "请求无法识别",
    401: "没有有效的密钥",
    404: "没有找到",
    408: "内容没有在规定时间内传完",
    409: "现在不能这样办，或键已用于另一份内容",
    413: "内容过大",
    415: "格式不支持",
    422: "填写有误，或含密级标志",
    500: "系统出错，没有保存任何改动",
    503: "系统正忙，没有保存任何改动，请稍后重试",
}


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These failures as the API's document tells them, each in the one shape."""
    return {
        status: {"model": Failure, "description": _WORDS[status]} for status in sorted(statuses)
    }


# What every address of the machine door may answer.
FAILURES = told(400, 401, 422, 500, 503)
