"""Turns of speech, one row each: what must be heard, and what must not."""

import pytest

from domain.understanding import Cue
from understanding.engine import Understander

UNDERSTANDER = Understander()

HEARD = [
    ("我家也是", Cue.ME_TOO),
    ("+1", Cue.ME_TOO),
    ("同 1602北卧飘窗那", Cue.ME_TOO),
    ("我家没有 我家在南边", Cue.NOT_ME),
    ("1-903 无", Cue.NOT_ME),
    ("怎么还没人来", Cue.CHASE),
    ("一个半小时了", Cue.CHASE),
    ("？？？", Cue.CHASE),
    ("修好了 谢谢王师傅", Cue.FIXED),
    ("两天没漏了 应该好了", Cue.FIXED),
    ("没修好啊 还是漏", Cue.NOT_FIXED),
    ("修好了，但是又漏了", Cue.NOT_FIXED),
    ("之前没修好，现在好了", Cue.FIXED),
    ("打胶白打了 今晚又进来了", Cue.NOT_FIXED),
    ("看错了，不用来了", Cue.WITHDRAW),
    ("打错了 803", Cue.CORRECTION),
    ("再没说法我打12345", Cue.HOTLINE),
    ("气死我了，什么物业", Cue.ANGER),
    ("我要活人，别给我发自动回复", Cue.WANTS_HUMAN),
    ("辛苦了", Cue.THANKS),
    ("2-502", Cue.LOCATION_ONLY),
    ("二单元的", Cue.LOCATION_ONLY),
    ("厨房那边", Cue.LOCATION_ONLY),
    ("还在冒 疏通车呢", Cue.STILL),
    ("水印变大了，鼓起来了", Cue.WORSE),
    ("灯里在滴水", Cue.ELECTRIC),
    ("帮我妈报一下", Cue.FOR_OTHER),
    ("可以的", Cue.CONSENT),
    ("别发", Cue.REFUSE),
    ("我去 这么多水", Cue.MORE_WATER),
    ("家中有渗漏的请接龙", Cue.SURVEY),
    ("收到，马上安排", Cue.WORK_TAKEN),
    ("我带师傅过去", Cue.WORK_TAKEN),
    ("在赶过来了", Cue.WORK_TAKEN),
    ("我就在附近，两分钟", Cue.WORK_TAKEN),
    ("我到302门口了", Cue.WORK_ARRIVED),
    ("软管已更换，处理完毕", Cue.WORK_DONE),
    ("正在抽水", Cue.WORK_NEWS),
]


@pytest.mark.parametrize("text,cue", HEARD, ids=[text for text, _ in HEARD])
def test_a_cue_is_heard(text, cue):
    assert cue in UNDERSTANDER.judge(text, "3").cues


@pytest.mark.parametrize(
    "text,cue",
    [
        ("没修好啊 还是漏", Cue.FIXED),
        ("摸着还潮，等干了再看，先谢谢", Cue.FIXED),
        ("等修好了再说吧", Cue.FIXED),
        ("修好了吗", Cue.FIXED),
        ("可以先把阀门关了吗", Cue.CONSENT),
        ("2-502厨房漏水", Cue.LOCATION_ONLY),
        ("中午吃啥", Cue.CHASE),
        ("我家没人修", Cue.NOT_ME),
        ("晚上一起吃饭", Cue.WITHDRAW),
    ],
)
def test_a_cue_is_not_heard_where_there_is_none(text, cue):
    assert cue not in UNDERSTANDER.judge(text, "3").cues
