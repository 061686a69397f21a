"""Small labelled texts of nobody, and the rules that we ship."""

from itertools import product

import pytest

from classifiers.words import shipped_data, use_lexicon
from monitor.services import rulebook

_MATTERS = {
    "funds": ["设备补贴没有拨付", "惠企资金迟迟不到账", "奖补资金何时兑现", "贷款贴息没有收到"],
    "factor": ["厂房租金太高", "工业用地手续没办下来", "园区变压器容量不够", "厂房漏水没人修"],
    "talent": ["人才公寓怎么申请", "员工子女入学没着落", "招不到工人", "安家费没有下文"],
}
_WISHES = {
    "consult": "请问需要什么条件，怎么办理？",
    "complaint": "反映多次互相推诿，我要投诉！",
    "help": "请帮我们协调解决，谢谢。",
}
_FIRMS = ["我们是做轴承的", "我公司生产灯具", "本企业加工茶叶", "我厂做包装盒"]


@pytest.fixture(scope="session")
def labelled():
    """48 x 3 messages: (message, topic, request type)."""
    rows = []
    for (topic, matters), (wish, words), firm in product(_MATTERS.items(), _WISHES.items(), _FIRMS):
        rows += [(f"{matter}\n{firm}，{matter}，{words}", topic, wish) for matter in matters]
    return rows


@pytest.fixture(scope="session")
def model(labelled):
    from classifiers import trained

    return trained.fit([row[0] for row in labelled], [row[1] for row in labelled], name="topic")


@pytest.fixture
def rules():
    return rulebook.from_files(shipped_data()).words


@pytest.fixture(autouse=True)
def our_lexicon():
    """Whatever a test cuts with, the next one cuts with our own words."""
    yield
    use_lexicon((shipped_data() / "lexicon.txt").read_text("utf-8").splitlines())
