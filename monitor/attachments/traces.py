"""What a file holds beside what it shows: its words, and whether it may leave the house so."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 60
LONGEST = 400

# Code: label. What stands here was found in the file; any of it keeps the original in the house.
LABELS: Mapping[str, str] = {
    "position": "拍摄位置",
    "camera": "拍摄设备",
    "taken": "拍摄时间",
    "author": "作者",
    "saved_by": "最后保存者",
    "company": "单位",
    "title": "文档属性",
    "comment": "批注",
    "inserted": "修订：插入",
    "deleted": "修订：删除",
    "hidden_text": "隐藏文字",
    "hidden_sheet": "隐藏工作表",
    "hidden_rows": "隐藏行列",
    "hidden_slide": "隐藏幻灯片",
    "notes": "演讲者备注",
    "annotation": "PDF 批注",
    "embedded": "嵌入的文件",
    "script": "JavaScript 脚本",
    "action": "打开时执行的动作",
    "layer": "图层",
    "form": "表单域",
    "link": "外部链接",
    "restricted": "限制编辑",
    "trailing": "末尾附加的数据",
    "unsure": "无法全部检查",
}


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that a reader of the file does not see, or should not see."""

    code: str
    text: str

    @property
    def label(self) -> str:
        """What it is, in words."""
        return LABELS[self.code]


def trace(code: str, text: object = "") -> Trace:
    """A trace whose words stand on one line."""
    return Trace(code, " ".join(str(text).replace("\x00", " ").split()))


def short(words: str) -> str:
    """The words of a trace as they are shown."""
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
