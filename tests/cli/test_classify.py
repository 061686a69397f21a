"""monitor classify: what is read of a text, for scripts and for people."""

TEXT = "我公司的技改补贴公示后一直没有拨款，请问何时兑现？电话13800000123。"


def test_classify_says_what_and_why(monitor):
    told = monitor("classify", TEXT, "--json").json()

    assert {"topic", "request_type", "urgency", "section", "engine", "models"} <= set(told)
    assert told["topic"]["value"] == "funds"
    assert 0 < told["topic"]["confidence"] <= 1
    assert told["topic"]["reasons"]
    assert all(len(pair) == 2 for pair in told["topic"]["alternatives"])
    assert told["section"]["value"] == "funds"
    assert told["subtopic"]["value"].startswith("funds.")
    assert told["subtopic"]["confidence"] <= told["topic"]["confidence"]


def test_classify_speaks_chinese_to_people(monitor):
    said = monitor("classify", "--file", "-", stdin=TEXT).out

    for told in ("主题：惠企资金兑现 / ", "诉求类型：咨询（", "主办科室：政策兑现科（"):
        assert told in said
    assert "funds" not in said
    assert "normal" not in said
