"""Documents that an answer cites by their number, held against the list of the office."""

import pytest

from classifiers import quality
from classifiers.quality.wording import plain

CHECKER = quality.Checker(
    quality.shipped().book,
    [
        {"name": "关于惠企资金直达的通知", "aliases": ["国办发〔2023〕15号"]},
        {"name": "产业扶持办法", "aliases": ["市投促发〔2019〕7号"], "repealed": True},
        {"name": "市招商引资若干政策（2022年8号文）"},
        {"name": "市级贴息办法", "aliases": ["市政发〔2021〕9号"], "repealed": True},
        {"name": "用地办法", "aliases": ["国办发〔2021〕9号"]},
    ],
)


def judged(answer):
    """The faults in what an answer cites, and what it rightly cites."""
    result = CHECKER.check("", "请问怎么办理？", answer)
    wrong = [one for one in result.faults if one.kind in {"citation", "repealed", "basis"}]
    return [(one.kind, answer[one.start : one.end]) for one in wrong], result.fine.get("basis", ())


@pytest.mark.parametrize(
    ("answer", "faults", "right"),
    [
        ("根据国办发〔2023〕15号，资金直达企业。", [], ("关于惠企资金直达的通知",)),
        ("按照国办发[2023]15号文件办理。", [], ("关于惠企资金直达的通知",)),
        ("按2023年15号文办理。", [], ("关于惠企资金直达的通知",)),
        ("按2022年第8号文办理。", [], ("市招商引资若干政策(2022年8号文)",)),
        # Another year, another number, another issuer.
        ("按2024年15号文办理。", [("citation", "2024年15号文")], ()),
        ("按国办发〔2023〕16号执行。", [("citation", "按国办发〔2023〕16号")], ()),
        ("市政发〔2023〕15号规定了条件。", [("citation", "市政发〔2023〕15号")], ()),
        ("按市投促发〔2019〕7号执行。", [("repealed", "按市投促发〔2019〕7号")], ()),
        # Two of one year and number: who issued it tells them apart; without, one that holds.
        ("根据国办发〔2021〕9号办理。", [], ("用地办法",)),
        ("根据市政发〔2021〕9号办理。", [("repealed", "根据市政发〔2021〕9号")], ()),
        ("根据2021年9号文办理。", [], ("用地办法",)),
        # Inside a title, and numbers of files that are no rules.
        (
            "根据《产业促进办法（市投发〔2022〕88号）》。",
            [("citation", "《产业促进办法（市投发〔2022〕88号）》")],
            (),
        ),
        (
            "您的信访件〔2024〕123号、登记通知书（2024）第33号已收到，根据国办发〔2023〕15号。",
            [],
            ("关于惠企资金直达的通知",),
        ),
        # A number beside its title goes with the title; a house number is none.
        ("见《关于惠企资金直达的通知》（市发〔2023〕99号）。", [], ("关于惠企资金直达的通知",)),
        ("您于2023年到3号楼办理，根据国办发〔2023〕15号。", [], ("关于惠企资金直达的通知",)),
    ],
)
def test_a_number_is_held_against_the_list(answer, faults, right):
    found, cited = judged(answer)

    assert found == faults
    assert [plain(name) for name in cited] == list(right)
