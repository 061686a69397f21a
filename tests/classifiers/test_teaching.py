"""What teaches a model beside decided messages, and that a reason named is a reason indeed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import trained
from classifiers.finding import Finding
from classifiers.prepared import prepare
from classifiers.reading import proofs
from classifiers.teaching import knowledge
from classifiers.teaching.knowledge import Knowledge
from classifiers.teaching.studying import Study

LABELS = ("交通运输", "卫生计生", "教育文体")
FEW = [
    ("公交车\n公交车从来不等人，司机不停站。", "交通运输"),
    ("班车\n往县里去的班车停了。", "交通运输"),
    ("医院\n在医院看病，医生不理人。", "卫生计生"),
    ("住院\n住院的手续太多。", "卫生计生"),
    ("小学\n我家孩子上小学，没有学位。", "教育文体"),
    ("老师\n老师收费补课。", "教育文体"),
]


def learnt(beside):
    prepared = prepare([message for message, _ in FEW])
    return trained.fit_study(Study(prepared, beside), [label for _, label in FEW], name="own")


def test_the_names_of_labels_teach_words_that_no_message_held():
    told = learnt(Knowledge(knowledge.of_labels(LABELS)))

    found = told.read_many(["疫苗\n疫苗哪里接种？", "驾校\n驾校不退钱。", "高考\n高考加分怎么算？"])

    assert [one.label for one in found] == ["卫生计生", "交通运输", "教育文体"]
    assert "疫苗" in [reason.text for reason in found[0].evidence]


def test_what_lies_below_a_label_in_a_tree_teaches_it():
    tree = {"交通运输": ["索道票", "轮渡"]}

    hints = knowledge.of_labels(["交通运输", "其他事项"], tree)

    assert {("交通运输", "轮渡"), ("其他事项", "其他事项")} <= set(hints)
    assert {label for label, _ in hints} == {"交通运输", "其他事项"}


def test_undecided_messages_tell_which_words_stand_in_every_letter():
    alone = learnt(Knowledge())
    beside = learnt(Knowledge(undecided=["来信\n老师您好，谢谢。"] * 50))

    def rarity(model):
        return model.features.idf[model.features.words.index("老师")]

    assert rarity(beside) < rarity(alone)
    assert beside.version != alone.version


def without(message, evidence):
    for one in sorted(evidence, key=lambda one: -one.start):
        message = message.replace(one.text, "")
    return message


def shares(model, message):
    (found,) = model.read_many([message])
    return {found.label: found.confidence, **dict(found.alternatives)}, found


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_taking_away_the_words_named_lowers_the_confidence(model, labelled, data):
    pieces = sorted({part for message, *_ in labelled for part in message.split("，")})
    said = data.draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=6))
    message = data.draw(st.sampled_from(["", "您好\n", "关于几件事\n"])) + "，".join(said)

    before, found = shares(model, message)
    after, _ = shares(model, without(message, found.evidence))

    assert all(message[one.start : one.end] == one.text for one in found.evidence)
    if found.evidence:
        assert after.get(found.label, 0.0) < before[found.label]


def told(sure, *spans):
    return Finding("topic", "funds", sure, spans, (("factor", 0.1),))


def test_words_without_which_a_suggestion_is_as_sure_are_not_shown():
    found = [{"topic": told(0.8, (0, 2, "补贴"))}, {"topic": told(0.8, (3, 5, "拨付"))}]
    asked = []

    def read(messages, codes):
        asked.extend(zip(messages, codes, strict=True))
        return [told(0.8), told(0.7)]

    proofs.prove(["补贴呢", "还没有拨付"], found, [(0, "topic"), (1, "topic")], read)

    assert asked == [("呢", "topic"), ("还没有", "topic")]
    assert [one["topic"].spans for one in found] == [(), ((3, 5, "拨付"),)]


def test_a_word_that_turns_into_an_alternative_counts_as_less_sure():
    found = [{"topic": told(0.8, (0, 2, "补贴"))}]

    proofs.prove(
        ["补贴呢"], found, [(0, "topic")],
        lambda *_: [Finding("topic", "factor", 0.9, (), (("funds", 0.1),))],
    )  # fmt: skip

    assert found[0]["topic"].spans


def test_what_a_rule_decided_is_not_tried():
    ruled = Finding("urgency", "critical", None, ((0, 2, "起火"),), (), "JJ-01")
    found = [{"urgency": ruled}]

    proofs.prove(["起火了"], found, [(0, "urgency")], lambda *_: 1 / 0)

    assert found == [{"urgency": ruled}]


def test_words_that_tell_little_are_named_wherever_they_stand():
    message = "补贴\n去年的补贴，今年的补贴"

    first = proofs.placed(message, ["补贴"], everywhere=False, by_ending=False)
    every = proofs.placed(message, ["补贴"], everywhere=True, by_ending=False)

    assert first == (((0, 2, "补贴"),), True)
    assert every == (((0, 2, "补贴"), (6, 8, "补贴"), (12, 14, "补贴")), True)
    assert proofs.without(message, first[0]) == "\n去年的，今年的"
    assert proofs.without_places(message, first[0]) == "\n去年的补贴，今年的补贴"
    assert proofs.without_places(message, every[0]) == "\n去年的，今年的"


def test_a_word_that_stands_all_over_a_text_is_named_once_and_tried():
    found = proofs.placed("补贴" * 41, ["补贴"], everywhere=True, by_ending=False)

    assert found == (((0, 2, "补贴"),), False)


def test_places_that_overlap_are_taken_away_once():
    spans = ((1, 4, "镇政府"), (2, 4, "政府"))

    assert proofs.without_places("到镇政府门口", spans) == "到门口"


def test_a_word_is_placed_in_the_text_as_given_however_it_was_written():
    ((start, end, word),), _ = proofs.placed(
        "申请ＰＰＰ项目", ["ppp"], everywhere=False, by_ending=False
    )

    assert (start, end, word) == (2, 5, "ＰＰＰ")
