"""Whether staff's plain words are about repairs here at all: they meet friends and go to the doctor as well."""

import re

from understanding.cues import lexicon
from understanding.lexicon import unmasked
from understanding.normalise import normalise
from understanding.topic import other_talk, says_more

_BRIEF = 16
_WORK = re.compile(
    r"水(?!果|平|彩|晶|军|饺|货|准|月)|漏(?!斗|洞|风|发)|渗|滴(?!滴|嗒)|[堵淹返泵胶阀]|师傅|维修|修[好完理了]|抢修|工程[部师]?|保洁|保安|物业|安排|派[人单了]|"
    r"上门|您家|你家|到家|处理|登记|报修|疏通|漏点|打胶|密封|沙袋|井盖|地漏|管[道子井]|配件|更换|封堵|断电|拉闸|跳闸|电工|值班|现场|巡[查检]"
)
_AT_IT = re.compile(
    r"正在|已关|关[了掉好]?阀|断电|拉闸|漏点|查[到明]|师傅|维修|工程|安排|上门|更换|配件|泵|沙袋|封堵|打胶|敲门|在家|联系|打不通|板子|挡|"
    r"[抽修查看关清通换拆拖吸扫排掏挖补接][^,。!?]{0,2}[了着完好上干过]|在[抽修处查看关清通换拆]|观察|处理|施工|临时|疏通|清理|止水|退了|还剩|现场"
)
"""What makes words like 明天, 需要 and 原因 news of the work."""
_ASKS = re.compile(r"(?:[吗么呢没][~。！!]*|[?？])\s*$|要不要|有没有|是不是|什么时候|哪[个里种家]|怎么|什么")
_ASKS_LEAVE = re.compile(r"(?:方便|可以|行|好|在家|在|有人)[吗么不][?？]*\s*$")
"""师傅马上到，您在家吗: asks, and tells all the same."""


_CALLED = re.compile(r"[一-龥]{1,2}?(?:先生|女士|小姐|阿姨|姨|叔|大爷|大妈|奶奶|爷爷|姐|哥|老师)")
"""孙姨，这就去看: who is spoken to."""


def is_ours(text: str) -> bool:
    """Words of water or repairs, or nothing but the step itself: 马上到."""
    if _ASKS.search(text) and not _ASKS_LEAVE.search(text):
        return False
    plain = _CALLED.sub("", normalise(text))
    if _WORK.search(plain):
        return True
    said = unmasked(list(lexicon().every(plain)))
    return len(plain) <= _BRIEF and not other_talk(plain) and not says_more(plain, said)


def is_news(text: str) -> bool:
    return bool(_AT_IT.search(normalise(text)))
