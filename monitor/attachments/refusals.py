"""Why a file is not taken: a code from the child becomes a sentence and a remedy."""

from collections import defaultdict
from collections.abc import Mapping
from typing import ClassVar

from monitor.attachments.kinds import ACCEPTED
from monitor.domain.errors import Refused

_OTHER = f"可以上传的是：{ACCEPTED}。"
_PRINT = "请打开后“打印”或“导出”为 PDF，再上传。"
_SAVE = "请用 Office 或 WPS 打开后另存为 .docx、.xlsx 或 .pptx，再上传。"

SENTENCES: dict[str, tuple[str, str]] = {
    "empty": ("这份文件是空的（0 字节）。", "请核对后重新选择文件。"),
    "too_large": ("文件超过 {limit} MB。", "请压缩图片或拆成几份后再上传。"),
    "foreign": ("{kind}不能作为附件。", _OTHER),
    "unknown": ("内容认不出是什么格式，不能作为附件。", _OTHER),
    "svg": ("SVG 图片里可以带脚本，不能作为附件。", "请另存为 PNG 或 JPG 图片后再上传。"),
    "markup": ("网页（HTML）不能作为附件。", "请在浏览器里“打印”为 PDF，或把文字另存为 txt。"),
    "program": ("{kind}不能作为附件。", "请不要上传程序和脚本；需要说明的请截图或写成文字。"),
    "archive": ("{kind}不能作为附件。", "请解压后把里面的文件逐个上传。"),
    "heic": (
        "HEIC 图片不能作为附件。",
        "请在手机的相机设置里选“兼容性最佳”，或把照片转成 JPG 后再上传。",
    ),
    "starts": ("文件名以 .{ending} 结尾，打开就会运行。", "请把文件名改成与内容相符的扩展名。"),
    "macro": ("{kind}里带有宏，不能作为附件。", "请另存为不带宏的 .docx、.xlsx、.pptx 或 PDF。"),
    "control": ("{kind}里带有 ActiveX 控件，不能作为附件。", _PRINT),
    "object": ("{kind}里嵌有可以打开运行的文件对象。", "请删去嵌入的对象，或" + _PRINT[1:]),
    "remote": ("{kind}打开时会从外部地址取内容（远程模板或链接对象）。", _PRINT),
    "command": ("{kind}里有会调用外部程序的公式或域（DDE）。", "请删去后另存，再上传。"),
    "entities": ("{kind}里有不该出现的 XML 实体定义。", _SAVE),
    "password": ("{kind}设有打开密码，无法检查。", "请取消密码后再上传。"),
    "polyglot": ("这份文件同时是{kind}和{other}，不能作为附件。", _PRINT),
    "bomb": ("{kind}展开后过大（压缩炸弹），已停止检查。", _SAVE),
    "pixels": ("图片有 {width} × {height} 像素，过大。", "请缩小后再上传。"),
    "corrupt": ("{kind}已损坏或不完整，打不开。", "请重新导出或重新拍摄后再上传。"),
    "long": ("{kind}里的文字过多，无法全部检查。", "请只留需要的部分，或拆成几份。"),
    "memory": ("检查这份文件需要的内存超过上限，已停止。", "请缩小或拆分后再上传。"),
    "time": ("检查这份文件用时超过上限，已停止。", "请缩小或拆分后再上传。"),
    "died": ("这份文件的内部结构异常，检查程序已停止。", _PRINT),
}


class FileRefused(Refused):
    """The file is not taken and nothing of it is kept; `code` is stable for tests."""

    status: ClassVar[int] = 422
    title: ClassVar[str] = "这份附件没有收下"

    def __init__(self, code: str, details: Mapping[str, object] | None = None) -> None:
        message, remedy = SENTENCES[code]
        words = defaultdict(str, {key: str(value) for key, value in (details or {}).items()})
        words["kind"] = words["kind"] or "这份文件"
        said = message.format_map(words)
        ending, kind = words["named"], words["kind"]
        if ending and kind != "这份文件":
            # Named for what it is: the extension says one thing, the content another.
            said = f"扩展名写的是 .{ending}，内容是{kind}。{said}"
        super().__init__(said, remedy=remedy.format_map(words))
        self.code = code
        self.details = dict(details or {})
