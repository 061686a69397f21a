"""What stands in the history of an order beside its moves, in Chinese."""

from collections.abc import Mapping

EVENT_LABELS: Mapping[str, str] = {
    "machine_drafted": "起草助手拟稿",
    "machine_draft_accepted": "核对后采用机器草稿",
    "sent_alone": "自动分办的依据",
    "due_moved": "时限调整",
    "card_given": "亮牌",
    "card_lifted": "牌已解除",
    "card_unseen": "没有人看，报上一级",
    "upstream_changed": "上级平台更改",
    "copy_edited": "修改公开稿",
    "child_joined": "并入一件",
    "child_left": "不再并入一件",
    "branched": "拆出子单",
    "branch_of": "由母单拆出",
    "revealed": "查看个人信息",
    "consent_taken_back": "诉求人改为不公开",
    "handed_over": "列入回填表",
    "handed_on": "移交承办人",
    "handover_undone": "回填表作废",
    "file_added": "添加附件",
    "file_removed": "移除附件",
    "file_restored": "恢复附件",
    "file_opened": "查看附件",
    "file_downloaded": "下载附件",
    "file_chosen": "选择附件是否公开",
    "files_published": "公开附件",
}
