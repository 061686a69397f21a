"""Why a whole sheet is not taken: a code from the child becomes a sentence and a remedy."""

from collections import defaultdict
from collections.abc import Mapping
from typing import ClassVar

from monitor.domain.errors import Refused

SAVE_AGAIN = "请用 Excel 或 WPS 打开后另存为 .xlsx，再导入。"
SPLIT = "请只保留需要导入的工作表和行，必要时分成几份再导入。"

SENTENCES: dict[str, tuple[str, str]] = {
    "empty": ("这份文件是空的。", "请重新导出后再导入。"),
    "too_large": ("文件超过 {limit} MB。", SPLIT),
    "unknown_kind": (
        "认不出这份文件的格式；可以导入的是 xls、xlsx、ods 和 csv。",
        SAVE_AGAIN,
    ),
    "other_kind": ("这是{kind}，不是表格；可以导入的是 xls、xlsx、ods 和 csv。", SAVE_AGAIN),
    "web_page": (
        "这是另存成表格扩展名的网页或 XML 文件，不是真正的表格。",
        SAVE_AGAIN,
    ),
    "archive": ("这是压缩包，不是表格。", "请先解压，再把里面的表格逐份导入。"),
    "password": ("这份文件设有打开密码，无法读取。", "请取消密码后另存一份，再导入。"),
    "corrupt": ("文件已损坏或不完整，无法读取。", "请重新导出，或" + SAVE_AGAIN[1:]),
    "error_value": (
        "表格里有读不出的公式错误值（如 #CALC!、#SPILL!）。",
        "请改正这些公式，或复制后“粘贴为数值”，保存后再导入。",
    ),
    "entities": ("文件里有不该出现的 XML 实体定义，已拒绝。", SAVE_AGAIN),
    "unpacked": ("文件展开后过大，已拒绝。", SPLIT),
    "entries": ("文件内部的部件过多，已拒绝。", SAVE_AGAIN),
    "far_cell": (
        "工作表里的单元格分布过散：最远到 {cell}，而有内容的只有 {count} 个。",
        "请删除远处多余的单元格（选中整行整列后删除），保存后再导入。",
    ),
    "too_many_cells": ("工作表过大：最远到单元格 {cell}。", SPLIT),
    "no_cells": ("文件里没有任何有内容的单元格。", "请检查导出的文件后再导入。"),
    "encoding": (
        "文本的编码认不出来；可以用的是 UTF-8、UTF-16 和 GB18030（GBK）。",
        SAVE_AGAIN,
    ),
    "quotes": (
        "第 {row} 行起有引号没有成对，或一个单元格过长，无法分清各列。",
        "请补上或删去多余的引号；或" + SAVE_AGAIN[1:],
    ),
    "memory": ("读取这份文件需要的内存超过上限，已停止。", SPLIT),
    "time": ("读取这份文件用时超过上限，已停止。", SPLIT),
    "died": ("这份文件的内部结构异常，读取程序已停止。", SAVE_AGAIN),
    "headers": ("表头有 {count} 列，超过 {limit} 列。", "请删去不需要的列后再导入。"),
    "hidden": (
        "能导入的工作表都是隐藏的，没有导入。",
        "请取消隐藏需要导入的工作表，保存后再导入。",
    ),
    "missing": ("没有找到“{label}”列{near}。", "请补上这一列，或把对应的表头改为“{label}”。"),
    "mapping": ("给定的对应关系里有认不出的名称：{names}。", "请在给出的各项中选择。"),
}


class SheetRefused(Refused):
    """The file is not taken as a whole, and nothing of it is stored.

    `code` is stable for tests and statistics; `headers` are the names of the best header seen,
    so that a page can offer a mapping.
    """

    status: ClassVar[int] = 422
    title: ClassVar[str] = "这份表格没有导入"

    def __init__(
        self, code: str, details: Mapping[str, object] | None = None, headers: tuple[str, ...] = ()
    ) -> None:
        message, remedy = SENTENCES[code]
        words = defaultdict(str, {key: str(value) for key, value in (details or {}).items()})
        super().__init__(message.format_map(words), remedy=remedy.format_map(words))
        self.code = code
        self.headers = headers


class Unfit(Exception):
    """This row is not taken: column, message, remedy."""

    def __init__(self, column: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.column = column
        self.message = message
        self.remedy = remedy
