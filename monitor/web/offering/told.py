"""What a page says after a move, and how moves that have rooms of their own are told."""

from monitor.web.offering import chosen, extended, paused, pledged
from monitor.web.orders import closing, cowork
from monitor.web.supervising import acts as supervising

SENTENCES = {
    **cowork.SENTENCES,
    **closing.SENTENCES,
    **chosen.SENTENCES,
    **extended.SENTENCES,
    **paused.SENTENCES,
    **pledged.SENTENCES,
    **supervising.SENTENCES,
}
DONE = {
    "dispatch": "已分办至{section}",
    "answer_at_once": "已提交答复，送办公室审核",
    "merge": "已并单",
    "unmerge": "已取消并单，恢复为待研判",
    "ask_decline": "已提请办公室负责人决定",
    "decline": "已同意不予受理",
    "refuse_decline": "已退给值班员继续分办",
    "recall": "已撤回分办",
    "sign": "已签收",
    "ask_return": "已提出退单，由办公室裁定",
    "redirect": "已改派{section}",
    "force": "已驳回退单，强制派发{section}",
    "assign": "已交给承办人",
    "contact": "已记录联系",
    "note": "已写入内部说明",
    "defer": "已挂账",
    "defer_on": "已记下复查，继续挂账",
    "resume": "已恢复办理",
    "submit": "已提交答复，送办公室审核",
    "sign_off": "已签审核意见",
    "hand_back": "已退回修改",
    "copy": "公开稿已修改",
    "record_answer": "已登记答复",
    "release": "已公开发布",
    "withhold": "已决定不公开",
    "withdraw": "已撤回公开",
    "rework": "已发回重办，开始新一轮",
    "call_back": "已登记回访",
    "archive": "已归档",
    "draft": "草稿已保存",
    **(
        cowork.DONE
        | closing.DONE
        | chosen.DONE
        | extended.DONE
        | paused.DONE
        | pledged.DONE
        | supervising.DONE
    ),
}
