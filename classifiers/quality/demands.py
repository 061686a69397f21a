"""What a letter demands without asking a question; courtesy at its end is no demand."""

import re

from classifiers.quality.clauses import Span, clauses, telling
from classifiers.quality.wording import Wordings

# These demand wherever they stand in a clause; the others only where they begin it.
_FIRM = re.compile(r"恳请|强烈|请.")
_BEFORE_PLEASE = "申邀聘提报宴"
_ASKED_ONCE = re.compile(r"次|曾|已|向|的|报告|部门")
_LEAD = re.compile(
    r"(?:\(?(?:\d{1,2}|[一二三四五六七八九十①-⑩])[、.)是]?|[第其][一二三四五六七八九十][个件点]?|[-—]"
    r"|另外|此外|同时|因此|所以|为此|特此?|现在?|故|在此|我们?|本人|[我本](?:公司|司|单位)|也|还|再次?"
    r"|并且?|只|想|就|真诚|诚挚|诚恳|迫切|急切|强烈|坚决|衷心|殷切|地|的|业主们?|居民们?|村民们?|群众"
    r"|家长们?|大家|全体|跪|盼|再三)*"
)
# Told of others, or of what was done already: "要求" and "申请" begin a tale as often as a demand.
_TOLD = re.compile(
    r"(?:申请|要求|建议|请求|希望|呼吁)(?:了|过|的|人|书|表|被|后|时|理由)"
    r"|要求(?:我们|学生|家长|业主|村民|居民|员工|大家|必须|所有|每)"
    r"|申请(?!政府|领导|贵|相关|有关|上级|尽快|给予|予以|帮助|解决|将|把)"
    r"|请(?:您|你们?|大家|各位)?(?:注意|看|问|教|假|客|原谅|谅解|理解|见谅|恕|放心|相信|耐心)"
)
_TALES = ("要求", "申请")
# Words of a demand that tell whom it is for, or are courtesy.
_ADDRESS = re.compile(
    r"政府|部门|领导|[局委办]$|书记|[市县区镇]长$|单位|机关|级|贵|此事|重视|关注|回复|答复|谢|感激|拜托"
    r"|帮忙|给[予与]|一定|人民|群众|百姓|做主|作主|酌情|采纳|各位|体恤|为民|抽时间|援助|反馈|告知|合理|说法"
)
_DOING = re.compile(r"解决|处理|办理|落实|整改|处置|查处|纠正|帮助|帮帮|修|换|清走|拆")
_OWN = 4


def demand(pieces: list[Span], at: int, taken: bool, says: Wordings) -> tuple[Span, str] | None:
    """What a piece demands, and in which words; `taken`: the piece before is a point already.

    A short demand ("请尽快修好") takes in the sentence before it, which tells of what.
    """
    piece = pieces[at]
    scope = _scope(piece, says)
    if scope is None:
        return None
    own = _own(scope, says)
    if not own and not _DOING.search(scope):
        return None
    if own >= _OWN:
        return piece, scope
    if _own(piece.text, says) >= _OWN:
        return piece, piece.text
    before = pieces[at - 1] if at and not taken else None
    if before is None or not (own or before.text.startswith(("另外", "此外", "还有"))):
        return None
    text = before.text + piece.text
    if _own(text, says) < _OWN:
        return None
    both = Span(before.start, piece.end, before.text + piece.text)
    return both, text


def _own(text: str, says: Wordings) -> int:
    """How many characters tell of the matter, beside whom it is for and courtesy."""
    idle = frozenset(says.lists["idle"])
    return sum(len(word) for word in telling(text, idle) if not _ADDRESS.search(word))


def _scope(piece: Span, says: Wordings) -> str | None:
    """What stands behind the first words of a piece that demand something."""
    for clause in clauses(piece):
        for match in says["asks"].finditer(clause.text):
            before = clause.text[: match.start()]
            if match[0].startswith("请") and before.endswith(tuple(_BEFORE_PLEASE)):
                continue
            if _TOLD.match(clause.text, match.start()):
                continue
            if match[0] == "请求" and not _LEAD.fullmatch(before):
                if _ASKED_ONCE.search(before):
                    continue
            elif not _FIRM.match(match[0]) and not _LEAD.fullmatch(before):
                continue
            if match[0] not in _TALES or before or clause.start == piece.start:
                return piece.text[clause.start - piece.start + match.start() :]
    return None
