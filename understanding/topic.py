"""Whether a message is about our matter at all: 怎么说 asks for news, but not in 法国的英文怎么说.

Somebody who reported a leak goes on chatting. Most turns of speech that count in a conversation (a chase, 修好了,
anger) and most places are named in other talk as well, so the rest of the message must either be of water and repairs,
or say nothing more.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from domain.understanding import Cue
from understanding.lexicon import Hit

SAID_OF_ANYTHING = frozenset(
    {
        Cue.CHASE, Cue.STILL, Cue.FIXED, Cue.NOT_FIXED, Cue.WITHDRAW, Cue.WORSE, Cue.MORE_WATER, Cue.ANGER,
        Cue.WANTS_HUMAN, Cue.HOTLINE, Cue.CORRECTION,
    }
)  # fmt: skip
_ENDINGS = frozenset({Cue.FIXED, Cue.WITHDRAW})
"""These close a ticket: the rest must speak of it, or there is next to no rest."""
_BRIEF = 10
_OURS = re.compile(
    r"水(?!果|平|彩|晶|军|饺|货|准)|漏(?!洞|风)|渗|洇|滴(?!滴|嗒|打)|堵(?!车)|返|潮|淹|湿|阀|管道|水管|管子|雨|冒|流|抽|疏通|裂|塌|掉皮|墙皮|霉|滑|臭|盆|桶|毛巾|"
    r"打翻|拖[地把布]|洗衣机|龙头|马桶|空调|狗|猫|尿|推车|漂(?!亮|白|流|移|浮|染)|踩|鞋|"
    r"(?<!装)修(?!真|仙|图|行|养)|师傅|物业|管家|社区|居委|街道|书记|社工|工作人员|业委会|报(?:修|过|了)|工单|登记|处理|解决|上门|派[人单]|来个?人|人来|[没有]人(?:管|理|应|在|吗)|谁管|"
    r"12345|热线|来不来|电话都没|[没不]接电话|投诉|敲门|进度|进展|#\d|插座|跳闸|断电|电箱|发错群|发错了|[打写输]错|白[修打换补做弄通搞]|打胶|防水|密封|补漏|辛苦|跑一趟"
)
_WAITING = re.compile(r"[等催](?:[了着到你我们半一二两三多不好这]|$)")
_OTHERS = re.compile(
    r"产权|出售|房源|户型|采光|满[二五]|\d万|首付|成交|中介|房东|租金|出租|月供|贷款|订单|下单|快递|外卖|送货|退货|退款|发货|团购|拼单|挂号|会议|开会|班会|上课|作业|老师|"
    r"迟到|航班|高铁|地铁|公交|英文|英语|游戏|电影|音乐|股票|基金|彩票|银行|花呗|手机|流量|能谈|多少钱"
)
"""What a group of residents talks about besides."""
_PLACES = re.compile(
    r"屋顶|房顶|天花板|吊顶|墙|地板|地砖|顶上|电梯|楼道|车库|地库|卫生间|厕所|厨房|阳台|卧室|客厅|窗|门口|大厅|大堂|走廊|楼梯|过道"
)
_FILLERS = re.compile(
    r"[\W\d_]+|[A-Z]{1,2}|什么|怎么|咋|为啥|为何|为什么|多久|多少|时候|时间|分钟|小时|钟头|今天|明天|昨天|昨晚|今晚|今早|明早|晚上|早上|上午|下午|中午|夜里|半夜|"
    r"现在|刚才|刚刚|目前|已经|终于|总算|居然|竟然|到底|究竟|一直|老是|总是|真是|实在|反正|大家|你们|我们|他们|咱们|邻居|各位|朋友|大哥|大姐|叔叔|阿姨|奶奶|爷爷|"
    r"不好意思|抱歉|对不起|哈哈|呵呵|呜呜|感觉|觉得|好像|应该|可能|确实|真的|其实|原来|自己|家里?|那边|这边|这里|那里|地方|情况|事情|问题|能不能|会不会|"
    r"有没有|是不是|没有|不是|不要|不用|希望|麻烦|请问|拜托|求求|赶紧|赶快|快点|马上|尽快|放心|担心|着急|孩子|老人|老婆|老公|爸|妈|客气|热心|效率|态度|负责|业主|住户|具体|"
    r"[了呢啊吗吧呀哦噢喔哈嘛啦哎唉诶欸喂哼嗯额呃咯嘞的得地之所我你您他她它们俺咱这那哪谁啥就都还也又再才只很太真好挺老最更是在有没不别未被把给让叫和跟与或及而但可却若要想会能该"
    r"一二两三四五六七八九十几半个下次回点些多少上里外前后中来去到过着起出进完成住开见看说讲问答听等催急快慢早晚先行对错号楼层单元栋户室人事天年月日周时分秒钟干弄搞做用比像从向为以于么"
    r"换话找接带往靠近旁边掉落东南西北角处块片面角位置左右间房屋哪门]"
)
_OTHERS_VOICES = frozenset({"ad", "sale", "forward"})


def said_of_others(text: str, said: Sequence[Hit], signs: Collection[str]) -> frozenset[Cue]:
    """Of the turns of speech that are said of anything, those that are not said of our matter here.

    text: normalised. said: the turns of speech found in it. signs: names of the lists of signs.txt that it hits.
    """
    if not _OTHERS_VOICES.isdisjoint(signs):
        return SAID_OF_ANYTHING
    if _OURS.search(text) or _WAITING.search(text):
        return frozenset()
    left_over = len(_FILLERS.sub("", _rest(text, said)))
    if _OTHERS.search(text) or (left_over > 0 and not _PLACES.search(text)):
        return SAID_OF_ANYTHING
    return frozenset() if left_over == 0 and len(text) <= _BRIEF else _ENDINGS


def places_of_others(text: str, said: Iterable[Hit], places: Sequence[str]) -> bool:
    """Whether the places that are named are named in other talk: 有产权车位出售么, 一楼采光没问题."""
    if _OURS.search(text) or _WAITING.search(text):
        return False
    if _OTHERS.search(text):
        return True
    for word in places:
        text = text.replace(word, "|" * len(word))
    text = _PLACES.sub(lambda match: "|" * len(match.group()), text)
    return len(_FILLERS.sub("", _rest(text, said))) > 3


def speaks_of_ours(text: str) -> bool:
    return bool(_OURS.search(text))


def other_talk(text: str) -> bool:
    return bool(_OTHERS.search(text))


def says_more(text: str, said: Iterable[Hit]) -> bool:
    """Whether there is anything beside those turns of speech and words that say nothing."""
    return bool(_FILLERS.sub("", _rest(text, said)))


def _rest(text: str, said: Iterable[Hit]) -> str:
    """What is said besides."""
    rest, position = [], 0
    for hit in sorted(said, key=lambda hit: hit.start):
        rest.append(text[position : hit.start])
        position = max(position, hit.end)
    rest.append(text[position:])
    return "|".join(rest)
