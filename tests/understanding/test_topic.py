"""Turns of speech that are said of anything: they count where the rest of the message speaks of the matter."""

import pytest

from domain.understanding import Cue
from understanding.engine import Understander

UNDERSTANDER = Understander()

OTHER_TALK = [
    ("苹果的英语怎么说", Cue.CHASE),
    ("你家那套房子多少钱了 着急就抓紧挂出来", Cue.CHASE),
    ("周末有没有人一起爬山呀", Cue.CHASE),
    ("快点快点 电影要开场了", Cue.CHASE),
    ("这家火锅真是服了 排了两百多号", Cue.ANGER),
    ("摇滚音乐节有人去吗", Cue.ANGER),
    ("原来是射手座的啊", Cue.WITHDRAW),
    ("尺码弄错了 要换大一码的", Cue.WITHDRAW),
    ("把外卖订单取消了吧", Cue.WITHDRAW),
    ("点链接领券就可以了哦", Cue.FIXED),
    ("隔壁那家是刚装修好的", Cue.FIXED),
    ("钢琴课孩子很满意 推荐给大家", Cue.FIXED),
    ("转：家里漏水怎么办 三招自己搞定", Cue.FIXED),
    ("机器人编程课在几楼报名", Cue.WANTS_HUMAN),
    ("朋友圈规模又扩大了一圈", Cue.WORSE),
]


@pytest.mark.parametrize("text,cue", OTHER_TALK, ids=[text for text, _ in OTHER_TALK])
def test_other_talk_is_no_turn_of_ours(text, cue):
    assert cue not in UNDERSTANDER.judge(text, "3").cues


OURS = [
    ("怎么说啊", Cue.CHASE),
    ("人呢", Cue.CHASE),
    ("麻烦快点 家里就老人一个", Cue.CHASE),
    ("师傅到哪了 周末还上门吗", Cue.CHASE),
    ("真是服了你们了", Cue.ANGER),
    ("什么破物业，收费的时候比谁都快", Cue.ANGER),
    ("看错了看错了", Cue.WITHDRAW),
    ("不好意思 是我家空调水打翻的 不用来了", Cue.WITHDRAW),
    ("弄好了 谢谢师傅 这么晚还跑一趟", Cue.FIXED),
    ("现在不漏了，孩子也睡了", Cue.FIXED),
    ("换个人工说话", Cue.WANTS_HUMAN),
    ("洇的那块又扩大了", Cue.WORSE),
]


@pytest.mark.parametrize("text,cue", OURS, ids=[text for text, _ in OURS])
def test_what_says_nothing_else_or_speaks_of_the_matter_counts(text, cue):
    assert cue in UNDERSTANDER.judge(text, "3").cues


@pytest.mark.parametrize(
    "text,expected",
    [
        ("谁家有车位出租", True),
        ("一楼采光怎么样", True),
        ("周六上午在3号楼开班会，家长别忘了", True),
        ("广场舞比赛在中心花园那边报名", True),
        ("在主卧那边，靠窗户", False),
        ("靠近厨房的墙角那里", False),
        ("刚开会没看到 3-1702", False),
        ("车库入口那里的水", False),
    ],
)
def test_places_in_other_talk_are_none_of_ours(text, expected):
    assert (Cue.OFF_TOPIC in UNDERSTANDER.judge(text, "3").cues) is expected
