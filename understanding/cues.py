"""Turns of speech that matter in a conversation. Words alone decide nothing: who says them, and after what, does.

What each cue promises is said beside it; a message may have many.
"""

import re
from collections.abc import Iterator
from functools import cache

from domain.understanding import Cue, Location
from understanding.clauses import Spoken
from understanding.lexicon import Lexicon, unmasked
from understanding.location import Whereabouts
from understanding.topic import SAID_OF_ANYTHING, places_of_others, said_of_others

_BY_LIST = {
    "not_fixed": Cue.NOT_FIXED,
    "still": Cue.STILL,
    "worse": Cue.WORSE,
    "fixed": Cue.FIXED,
    "withdraw": Cue.WITHDRAW,
    "correction": Cue.CORRECTION,
    "hotline": Cue.HOTLINE,
    "anger": Cue.ANGER,
    "human": Cue.WANTS_HUMAN,
    "chase": Cue.CHASE,
    "thanks": Cue.THANKS,
    "for_other": Cue.FOR_OTHER,
    "taken": Cue.WORK_TAKEN,
    "arrived": Cue.WORK_ARRIVED,
    "done": Cue.WORK_DONE,
    "news": Cue.WORK_NEWS,
}
_SHORT = 24
_BRIEF = 80
"""Nothing longer is an answer in a word, whatever faces stand around it."""
_ENDS = re.compile(r"[\s,。!?;:~…、·@]+")
_FACES = re.compile(r"\[[^\[\]\n]{1,6}\]|[\U0001F300-\U0001FAFF☀-➿️]")
_ME_TOO = re.compile(
    r"^(?:\+1|加1|加一|同|同上|一样|同样|同款|俺也一样|ME ?TOO|SAME|同问|"
    r"我也|我也是|我家也是|我家也|也是|同求|同问题)(?:$|[\s,。!?+])"
    r"|^同(?:漏|渗|滴|样|款|堵|病|是)"
    r"|(?:我|我们|我家|俺|咱|这边|这里|单元|楼|层|号|\d{3,4}|户|屋里|车位|车库)[^,。!?\n不没]{0,8}也(?:是|漏|渗|滴|有|一样|这样|在|进|湿|积|堵|返|淹|中招|潮|不行|开始|冒)(?!过)"
    r"|不光你|不止你|不只你|以为就我|以为只有我|又多一家|再加一户|加我一个|算我一个"
)
_NOT_ME = re.compile(
    r"^(?:[\dA-Z#号楼栋单元室层东西南北户-]*\s?)(?:无|没有|没|木有|无渗漏|无漏|正常|没问题|没事|无异常|不漏|没漏)[。!~了]?$"
    r"|(?:我家|我们家|我这|我这边|我这儿|我们这|我们单元|我们楼|俺家|咱家|我屋|我)(?:里|倒|都|目前|暂时|现在|一直|还|是|这边)*"
    r"(?:没有(?!人|修|来|水用|好|处理|解决)|没漏|没有漏|不漏|没渗|没事|没进水|没积水|好好的|没这|没问题|还好|还行|挺好|正常|无|没啥|不渗|没被淹|干干的|没水进)"
    r"|^(?:没有|没漏|我家没有|我没有)(?:$|[\s,。!])"
)
_MAY_AGREE = frozenset("也同样+加像光止只又算MS")
_MAY_DENY = frozenset("没无不好正干还")
_MAY_BE_WATER = frozenset("水鞋裤推漂过走出进滑绕下臭踩流涨脚膝挪咕湿毛")
"""What these patterns cannot do without: most talk has none of it and is passed over quickly."""
_CONSENT = re.compile(
    r"^(?:好|好的|好呀|好啊|好吧|好滴|好哒|好嘞|行|行的|行啊|行吧|行呢|可以|可以的|可以呀|可以啊|可以发|可以可以|发吧|发|没问题|没意见|同意|嗯|嗯嗯|嗯呢|恩|OK|OKAY|YES|Y|中|成|要得|得|没事你发|你发吧|尽管发|当然可以|随便发|没关系|是|是的|对|对的|对对|没错|👌|👌🏻)+$"
)
_REFUSE = re.compile(
    r"^(?:还是)?(?:不可以|不行|不同意|不要|不要发|别发|别|不方便|不用发|别发群里|不要发群里|不想发|拒绝|不愿意|NO|N|不了|不是|先别发|不太方便|不可|不好|算了|不|免了)(?:吧|了|哈|啊|谢谢|发)?$"
)
_AFTER_ALL = re.compile(
    r"(?:现在|已经|后来|总算|终于|这回|这次)[^,。!?;\n又还没]{0,6}(?:好了|修好|不[漏滴渗返堵冒]|没再|通了)[^又还]{0,12}$"
)
"""Said last, it is how things are: 之前没修好，现在好了."""
_CORRECTED = re.compile(r"不是.{1,12}[,\s]?(?:是|而是)|^\*|^更正|^改[:一]|.{1,8}改成|说成|写成|打成")
_WAITS = re.compile(r"^[?!。]{2,}$|^\?$|^(?:在|人|喂|哈喽|HELLO|物业|管家|师傅|客服)[?!]+$")
_WILL_WAIT = re.compile(
    r"^(?:好[的吧嘞]?|行[吧啊]?|嗯+|可以|OK|没事)[,。! ]*[我就]?(?:在家)?等(?:你们?|您|着|师傅)[们了吧啊哈,。!~]*$"
)
"""好，等你们"""
_HOW_LONG = re.compile(
    r"(?:都|已经|快|足足|整整)?[\d一二两三四五六七八九十半几多个]+\s?(?:小时|钟头|天|分钟|周|星期|个月|年)(?:多)?了"
)
_SURVEY_ABOUT = re.compile(r"漏|渗|积水|进水|受灾|损失|返水")
_MUCH_WATER = re.compile(
    r"(?:这么|那么|好|真)(?:多|大|深)的?水|水(?:好|真|太|这么|那么|挺)(?:多|大|深|急|猛)|鞋子?(?:都|全)?(?:湿|泡|废|脏)|裤腿|推(?:车|轮椅)?(?:都)?(?:没)?推?不?(?:过去|出[去来]|动|进)|漂(?:走|起来|着)|"
    r"过不去|走不了|出不去|进不来|滑倒|差点滑|绕着走|绕路|下不去脚|臭死|臭得|踩(?:了)?一脚|流到我家?门口|都流到|水位|涨得|过轮胎|到脚面|没脚|脚脖子|膝盖|(?:都|好|太|很|真|挺|打)滑(?!稽|头|雪|冰|板)|都是水|全是水|水小了|水大了|咕噜|湿了一|水珠|毛巾"
)
_AT_THE_DOOR = re.compile(r"(?<!没)到 ?(?:\d{1,2}-)?\d{3,4}(?:门口|家|[了啦]|$|[ ,。!])")
_I_COME = re.compile(r"我[^,。!?没不]{0,6}(?:过去|上来|下来|上去|下去)(?=$|[ ,。!~])")
"""我带管子过去"""
_DONE_WITH = re.compile(
    r"(?:清|抽|扫|排|修|通|弄|换|打|粘|焊|补|堵|接|拖|推|收拾|处理|疏通|打扫|冲洗|拧|封|做|铺|吸|掏|捞|解决)(?:完|好|开|妥|妥当|干净|利索|通)(?:了|啦|咯|喽)"
    r"(?!再|之?后|的话|没|吗|么|[?])|(?:^|[\s,。!])(?:全|都|已经)?(?:好了|OK了|妥了|没水了|干净了)(?!再|之?后|没|吗|么|[?])"
)
_MAY_BE_DONE = frozenset("完好开妥净通K没")
_LEFT_OVER = re.compile(
    r"(?:我家?|我们家?|我住|住|在|是|的|了|呢|哈|啊|呀|哦|吧|这边|那边|这里|那里|这儿|那儿|家里?|房号|门牌|地址|位置|谢谢|麻烦|您好|你好|刚才?没写|忘写了?|忘了说|补充|户|室|房|号|栋|楼|幢|座|单元|层|门|"
    r"方向|旁边?|里面?|外面?|上面?|下面?|那个|这个|那块|那|这|一|处|两|在家|业主|东|西|南|北|边|侧|中|间|有人|能来|对|嗯|就是|大概|靠近|附近|门口|角落?|左|右|前|后|地|方|期|区|梯|第|#|-|和|跟|与|挨着|靠)+"
)
_PLACE_OR_NUMBER = re.compile(
    r"[A-Z]?\d+[A-Z]?\d*|[零〇一二三四五六七八九十百幺两壹贰叁肆伍陆柒捌玖负]+|[A-Z](?![A-Z])"
)


@cache
def lexicon() -> Lexicon:
    return Lexicon("cues")


def cues_of(text: str, where: Whereabouts, spoken: Spoken | None, place_words: tuple[str, ...]) -> frozenset[Cue]:
    """Expects normalised text. place_words: the words of it that name a spot."""
    hits = unmasked(list(lexicon().every(text)))
    names = {hit.name for hit in hits} if hits else frozenset[str]()
    bare = _ENDS.sub("", _FACES.sub("", text)) if len(text) <= _BRIEF else text
    cues = {_BY_LIST[name] for name in names if name in _BY_LIST}
    cues.update(_by_shape(text, bare))
    if "survey" in names and where.location.room is None and _SURVEY_ABOUT.search(text):
        cues.add(Cue.SURVEY)
    if _only_where(bare, where.location, place_words):
        cues.add(Cue.LOCATION_ONLY)
    if spoken and "electric" in spoken.names and any(event.asserted for event in spoken.events):
        cues.add(Cue.ELECTRIC)
    if not cues.isdisjoint(SAID_OF_ANYTHING):
        cues -= said_of_others(text, hits, spoken.names if spoken else ())
    if _may_be_of_others(cues, where.location) and places_of_others(text, hits, place_words):
        cues.add(Cue.OFF_TOPIC)
    return _settled(cues, text)


def _by_shape(text: str, bare: str) -> Iterator[Cue]:
    if not _MAY_AGREE.isdisjoint(text) and _ME_TOO.search(text):
        yield Cue.ME_TOO
    if not _MAY_DENY.isdisjoint(text) and _NOT_ME.search(text):
        yield Cue.NOT_ME
    if _CORRECTED.search(text):
        yield Cue.CORRECTION
    if not _MAY_BE_WATER.isdisjoint(text) and _MUCH_WATER.search(text):
        yield Cue.MORE_WATER
    short, stripped = len(bare) <= _SHORT, text.strip()
    if _WAITS.match(stripped) or (short and "了" in text and _HOW_LONG.search(text)):
        yield Cue.CHASE
    if short:
        yield from _in_few_words(text, bare or stripped, bare)


def _in_few_words(text: str, answer: str, bare: str) -> Iterator[Cue]:
    if _CONSENT.match(answer):
        yield Cue.CONSENT
    if _REFUSE.match(bare):
        yield Cue.REFUSE
    if not _MAY_BE_DONE.isdisjoint(text) and _DONE_WITH.search(text):
        yield Cue.WORK_DONE
    if "我" in text and _I_COME.search(text):
        yield Cue.WORK_TAKEN
    if "到" in text and _AT_THE_DOOR.search(text):
        yield Cue.WORK_ARRIVED


def _may_be_of_others(cues: set[Cue], location: Location) -> bool:
    """2-502 is somebody's home whatever else is said."""
    return Cue.LOCATION_ONLY not in cues and not location.empty and not (location.unit and location.room)


def _only_where(bare: str, location: Location, place_words: tuple[str, ...]) -> bool:
    if location.empty or len(bare) > _SHORT:
        return False
    for word in place_words:
        bare = bare.replace(word, "")
    return not _LEFT_OVER.sub("", _PLACE_OR_NUMBER.sub("", bare))


def _settled(cues: set[Cue], text: str) -> frozenset[Cue]:
    """没修好 holds 修好, 不漏了吗 asks: what is not fixed is not fixed."""
    asked = text.rstrip().endswith(("吗", "吗?", "没?", "没", "?"))
    if Cue.NOT_FIXED in cues and Cue.FIXED in cues and not asked and _AFTER_ALL.search(text):
        cues.discard(Cue.NOT_FIXED)
    if Cue.NOT_FIXED in cues or (asked and Cue.FIXED in cues):
        cues.discard(Cue.FIXED)
        cues.discard(Cue.WITHDRAW)
        cues.discard(Cue.WORK_DONE)
    if Cue.CHASE in cues and _WILL_WAIT.match(text):
        cues.discard(Cue.CHASE)
    return frozenset(cues)
