"""Letters about invented places: what many write about, among what nobody else does."""

import random
from datetime import datetime, timedelta

from classifiers.hot import Letter
from monitor.domain.workdays import SHANGHAI

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
ISSUES = {
    "青禾家园": (
        "搅拌站粉尘污染",
        ["旁边的搅拌站昼夜开工，粉尘落满阳台，水泥罐车的噪音整夜不停。",
         "搅拌站离居民楼不到百米，粉尘大，老人咳嗽，孩子不敢开窗。",
         "搅拌站没有环评就开工，罐车来回，噪音和粉尘都超标。",
         "希望查一查搅拌站的手续，粉尘污染已经半年，罐车半夜还在装料。"],
    ),
    "云溪大厦": (
        "电梯停运",
        ["两部电梯坏了一部，停运二十天没有人修，上班要排队半小时。",
         "电梯频繁困人，维保单位换了两家，停运以后物业说没有维修资金。",
         "电梯停运，送货只能爬楼，维修资金迟迟批不下来。",
         "电梯年检早已过期，停运维修要等到什么时候？"],
    ),
    "石桥中学": (
        "强制补课收费",
        ["周末强制补课，每人收费八百元，不交就要写说明。",
         "学校以自愿为名强制学生补课收费，家长群里点名催缴。",
         "补课收费没有票据，不参加补课的学生被调到后排。",
         "寒假补课强制收费，教育部门多次通报还是照旧。"],
    ),
}  # fmt: skip
NOISE = [
    ("{}小区门口没有公交", "{}小区离最近的公交有两公里，老人出门不便。"),
    ("{}巷路灯不亮", "{}巷的路灯坏了三盏，晚上走路看不清。"),
    ("咨询{}街道医保转移手续", "我在{}街道交了三年医保，转回老家要带什么材料？"),
    ("{}花园物业收费不透明", "{}花园的物业费涨了三成，没有公示过账目。"),
    ("{}村道路何时硬化", "{}村的路下雨就是泥，去年说要硬化，到现在没有动工。"),
    ("举报{}酒楼油烟直排", "{}酒楼的油烟管道对着窗户，晚上关窗也有味道。"),
]
_SIGNS = "柳桂松梅竹兰荷菊枫榆槐杉樟桐桃李杏梨枣柿"


def noise(dice: random.Random, number: int, at: datetime) -> Letter:
    """A letter like no other."""
    title, text = dice.choice(NOISE)
    place = "".join(dice.sample(_SIGNS, 2))
    return Letter(f"n{number}", at, title.format(place), text.format(place))


def about(place: str, number: int, at: datetime, dice: random.Random) -> Letter:
    """One of the letters about an issue."""
    matter, texts = ISSUES[place]
    text = (
        f"{dice.choice(['领导好，', '您好！', ''])}{place}{dice.choice(texts)}{dice.choice(texts)}"
    )
    title = dice.choice(["投诉{}{}", "{}{}没人管", "反映{}{}的问题", "{}的{}什么时候解决"])
    return Letter(f"{place}{number}", at, title.format(place, matter), text)


def bundle(seed: int, days: int = 20, each: int = 8) -> list[Letter]:
    """Some weeks of letters: every issue `each` times, and four others a day."""
    dice = random.Random(seed)
    found = [
        noise(dice, day * 4 + place, BEGIN + timedelta(days=day, minutes=place))
        for day in range(days)
        for place in range(4)
    ]
    for place in ISSUES:
        for number in range(each):
            at = BEGIN + timedelta(days=dice.randrange(days), hours=1 + dice.randrange(8))
            found.append(about(place, number, at, dice))
    return found
