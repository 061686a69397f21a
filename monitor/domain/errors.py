"""What can go wrong as expected: five refusals with a Chinese sentence and a status."""

from typing import ClassVar


class DeskError(Exception):
    """A refusal that the person can understand and mend; drawn as page, fragment or JSON."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "没有办成"

    def __init__(self, message: str, *, remedy: str = "", rule: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.rule = rule


class NotFound(DeskError):
    """It does not exist, or not for this person: the answer is the same."""

    status = 404
    title = "没有找到"


class NotAllowed(DeskError):
    """The person's roles do not cover this act."""

    status = 403
    title = "没有权限"


class Refused(DeskError):
    """The act is not possible in this state or under this rule."""

    status = 409
    title = "现在不能这样办"


class Stale(DeskError):
    """Somebody else changed the order after it was read."""

    status = 409
    title = "内容已被他人更改"


class Incomplete(DeskError):
    """Something that must be given is missing or malformed; `fields` names what."""

    status = 422
    title = "还缺必填内容"

    def __init__(
        self,
        message: str,
        *,
        fields: dict[str, str] | None = None,
        remedy: str = "",
        rule: str = "",
    ) -> None:
        super().__init__(message, remedy=remedy, rule=rule)
        self.fields = fields or {}


class SecrecyMarked(Refused):
    """A text carries a mark of state secrecy and must not be stored (保守国家秘密法)."""

    status = 422
    title = "含密级标志，未予接收"


class DeliveryFailed(Exception):
    """A message was not taken; `permanent` when trying again is of no use."""

    def __init__(self, cause: str, *, permanent: bool) -> None:
        super().__init__(cause)
        self.cause, self.permanent = cause, permanent
