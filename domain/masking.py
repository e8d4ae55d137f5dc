"""Makes words unreadable that point at a person: phones, identity numbers, plates; rooms and names in a group."""

import re
import unicodedata
from collections.abc import Collection

from domain.asking import Masked
from domain.numerals import number
from domain.roster import Community, floor_band
from domain.tickets import Ticket
from domain.understanding import Location
from domain.vocabulary import Scope

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_GAP = r"[ \t.·-]{0,2}"
_MOBILE = re.compile(rf"(?<!\d)((?:\+?86{_GAP})?)(1[3-9]\d){_GAP}\d{{4}}{_GAP}(\d{{4}})(?!\d)")
_CHINESE_MOBILE = re.compile(r"(?<![零〇一二三四五六七八九幺])[一幺][三四五六七八九][零〇一二三四五六七八九幺]{9}")
_LANDLINE = re.compile(r"(?<!\d)((?:010|02\d|0[3-9]\d\d)[)）]?[- ]?)\d{3,4}[- ]?(\d{4})(?!\d)")
_LOCAL_LINE = re.compile(r"((?:电话|座机|固话|致电|拨打|联系方式)[是为:： ]{0,3})[2-8]\d{2,3}[- ]?(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{6} ?(?:19|20)\d{6} ?\d{3}[\dXx](?!\d)")
_PLATE = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新][A-Z][·• .-]?[A-Z0-9]{4,5}[A-Z0-9挂学警港澳使领]",
    re.IGNORECASE,
)
_DASHES = str.maketrans(dict.fromkeys("－﹣‐‑‒–", "-"))


def mask(text: str) -> str:
    """Phones, identity numbers and plates made unreadable; ticket numbers, dates, 12345 and 12379 stay."""
    text = _IDENTITY.sub("[证件号]", _plain_digits(text))
    text = _MOBILE.sub(r"\1\2****\3", text)
    text = _CHINESE_MOBILE.sub("[电话]", text)
    text = _LANDLINE.sub(r"\1****\2", text)
    text = _LOCAL_LINE.sub(r"\1****\2", text)
    return _PLATE.sub("[车牌]", text)


def _plain_digits(text: str) -> str:
    """Digits of every script and width as 0 to 9, and nothing invisible between them."""
    text = _INVISIBLE.sub("", text).translate(_DASHES)
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


_C = "[零〇一二三四五六七八九幺]"
_UNITS = (
    r"毫米|厘米|公分|公里|米|mm|cm|m\b|升|L\b|立方|平(?:方|米)|方(?!便|向|案)|吨|公斤|千克|斤|kg|元|块(?!板)|[万千百]|"
    r"度|%|分钟|分(?![水户支])|秒|小时|个|天(?![花台井窗沟棚])|次(?!卧)|户(?![主门内里外型窗家的漏渗])|台(?![面盆阶])|"
    r"袋|条|根|片|张|箱|桶|人(?![不没在说家已都也])|年|月|日|号?[楼栋幢](?![上下])|层|级|页|点(?!位)|时|号?工?单(?!元)"
)
# Not #502 (a ticket), DN110 (a pipe), 0.302, 2021-08, 302 吨; but 2#502, 501-504, 501/502 and 房号:502.
_ROOM = re.compile(
    r"(?<![\d*])(?<!\d\.)(?<!(?<![0-9A-Za-z])#)(?<!# )(?<!DN)(?<!dn)(?<!De)(?<!PVC)(?<!PPR)(?<!单号)(?<!工单)(?<!编号)"
    rf"(?:\d{{1,2}}[-—]){{0,2}}"
    rf"(?P<room>(?:(?<![A-Za-z])[A-Za-z])?\d{{3,4}}(?:-?[A-Za-z](?![A-Za-z]))?|\d{{1,2}}[A-Za-z]\d{{2}}|{_C}{{3,6}})"
    rf"(?![\d*A-Za-z]|{_C}(?![起块样并同道家户边处])|[-/.]\d{{1,2}}(?!\d)|(?:[-~—]\d+)?\s?(?:{_UNITS}))(?:号房|号|室|房间|房(?!顶|屋))?"
)
_TRIPLE = re.compile(rf"(?<![\d.#-])\d{{1,2}}[-—]\d{{1,2}}[-—]\d{{3,4}}(?!\d)(?:室|房间)?|{_C}{{3,4}}[室房]")
_CHINESE_ROOM = re.compile(rf"{_C}{{3,4}}[室房]")
_EMERGENCY_LINES = frozenset({"110", "119", "120", "122"})
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严魏陶姜戚谢邹喻窦章苏潘葛范彭郎鲁韦马苗俞袁柳史唐费廉岑薛雷"
    "贺倪汤滕罗毕郝邬傅卞齐康伍余卜顾孟黄穆萧尹姚邵汪祁狄戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾江颜郭梅盛林钟徐邱骆"
    "夏蔡田胡凌霍卢莫丁邓郁洪崔吉龚程邢裴陆荣翁甄曲储靳段巫焦侯宁仇刘景詹龙叶蒲赖乔阴庄晏柴瞿阎连习艾容廖耿匡寇欧沃"
)
_MAYBE_WORDS = "毛石金华任方于向高关全古白满常安万时乐水管单包左温易国文解柏施伏成明"
"""Surnames that mostly mean something else; they count before a given name only."""
_TITLES = "女士|先生|小姐|阿姨|大爷|大妈|大娘|奶奶|爷爷|大姐|大哥|大叔|叔叔|老太太|老爷子"
_TITLED = re.compile(
    rf"(?:欧阳|司马|上官|诸葛|[{_SURNAMES}])(?:[\u4e00-\u9fff]{{0,2}}?(?:{_TITLES})|业主|[姐哥叔姨嫂婶伯](?=[家说的在那，。、,\s]|$))"
    rf"|[老小][{_SURNAMES}](?=家)"
)
_FAMILY = re.compile(
    rf"(?:(?<=[\s到在给去为帮和与把从对是了好往替元层户门室家，。、；：,.;:(（])|^)"
    rf"(?P<name>[{_SURNAMES}{_MAYBE_WORDS}][\u4e00-\u9fff]{{1,2}})家(?![具电政园属长])"
)
_NO_NAME = re.compile(r".*[大专厂国自人一各每几两全回到搬管商主住别整层楼何时]$")
_REPEATED = re.compile(r"住户家?(?:\s?的?(?:住户家?|家(?![具电政园属长])))+")


def for_group(text: str, community: Community, ticket: Ticket) -> str:
    """Staff's own words made fit for a group: phones masked, rooms, a home's floor and residents' names taken out."""
    text = _without_names(mask(text), community, ticket)

    def hide(match: re.Match[str]) -> str:
        return "住户家" if _points_at_a_home(_digits(match["room"]), community, ticket) else match.group()

    text = _ROOM.sub(hide, _TRIPLE.sub("住户家", text))
    return _REPEATED.sub("住户家", _without_floor(text, community, ticket))


def for_groups(text: str, community: Community, names: Collection[str] = ()) -> str:
    """The same for words about no ticket. names: of residents whom the words may name."""

    def hide(match: re.Match[str]) -> str:
        return "住户家" if _points_at_a_home(_digits(match["room"]), community, None) else match.group()

    text = _without_families(_nameless(mask(text), names), community)
    return _REPEATED.sub("住户家", _ROOM.sub(hide, _TRIPLE.sub("住户家", text)))


SAME_ROOM, SAME_ROOM_IN_CHINESE, LONG_NUMBER = "101", "一零一", "00000"
_LONG = re.compile(r"(?<![\d*])(?!123(?:45|79)(?!\d))\d{5,}(?![\d*])")
_CALLED = re.compile(r"@[^\s@，。！？,]{1,30}")
_LINKS = re.compile(r"(?:https?://|www\.)[\w./?=&%#:+~-]+|[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
_HALF_MASKED = re.compile(r"(?:\+?86[ -]?)?\d{3,4}[)）]?[- ]?\*{4}\d{4}")


def for_learning(text: str, community: Community, names: Collection[str]) -> str:
    """A copy that points at nobody, still worded as it was: every room is the same one, whatever the register says.

    names: of the people whom the words may name (the sender, the reporters); staff are left out as well.
    """
    text = _LINKS.sub("[链接]", _HALF_MASKED.sub("[电话]", mask(text)))
    staff = [person.name for person in community.staff.values()]
    text = _CALLED.sub("@住户", _nameless(text, [*names, *staff]))
    text = _TITLED.sub("住户", _FAMILY.sub(lambda m: m.group() if _NO_NAME.match(m["name"]) else "住户家", text))
    return _LONG.sub(LONG_NUMBER, _ROOM.sub(_same_room, _CHINESE_ROOM.sub(f"{SAME_ROOM_IN_CHINESE}室", text)))


def _same_room(match: re.Match[str]) -> str:
    room = match["room"]
    if room in _EMERGENCY_LINES:
        return match.group()
    start, end = match.span("room")
    same = SAME_ROOM if room.isascii() else SAME_ROOM_IN_CHINESE
    return match.string[match.start() : start] + same + match.string[end : match.end()]


def _digits(room: str) -> str:
    """五零二 as 502; the rest as it is."""
    return room.upper() if room.isascii() else "".join(str(number(c)) for c in room)


def _points_at_a_home(said: str, community: Community, ticket: Ticket | None) -> bool:
    """Of any building: a neighbour's room is as private as the ticket's own. 2502 is 2-502 where 2502 cannot be."""
    if said in _EMERGENCY_LINES:
        return False
    known = {room.upper() for room in (ticket.location.room, ticket.source_room) if room} if ticket else set()
    building = community.building(ticket.location.building) if ticket else None
    unit, room = (said[:-3], said[-3:]) if len(said) < 6 else (said[-5:-4], said[-4:])
    with_unit = building is not None and unit in building.units and building.fault(Location(room=room)) is None
    read_out = len(said) > 4 and (_is_a_room(said[-3:], community) or _is_a_room(said[-4:], community))
    return said in known or _is_a_room(said, community) or with_unit or read_out


def _is_a_room(room: str, community: Community) -> bool:
    buildings = community.buildings.values()
    return 3 <= len(room) <= 5 and any(building.fault(Location(room=room)) is None for building in buildings)


def _without_names(text: str, community: Community, ticket: Ticket) -> str:
    return _without_families(_nameless(text, [reporter.name for reporter in ticket.reporters]), community)


def _without_families(text: str, community: Community) -> str:
    staff = {person.name for person in community.staff.values()}

    def family(match: re.Match[str]) -> str:
        kept = match["name"] in staff or _NO_NAME.match(match["name"])
        return match.group() if kept else "住户家"

    return _FAMILY.sub(family, _TITLED.sub("住户", text))


def _nameless(text: str, names: Collection[str]) -> str:
    for name in sorted({name for name in names if len(name) >= 2}, key=len, reverse=True):
        text = text.replace(name, "住户")
        if re.fullmatch(r"[\u4e00-\u9fff]{3}", name):
            text = re.sub(rf"{name[1:]}(?=家)", "住户", text)
    return text


def _without_floor(text: str, community: Community, ticket: Ticket) -> str:
    """For a home the exact floor says too much: its band stands for it."""
    building, floor = community.building(ticket.location.building), ticket.location.floor
    if ticket.scope is not Scope.HOUSEHOLD or floor is None or not 1 <= floor < 100:
        return text
    said = rf"(?:(?<![\d.#-]){floor}|(?<![零〇一二三四五六七八九十]){_in_chinese(floor)})"
    return re.sub(rf"{said}(?:[楼层](?![栋道梯])(?!\d*单元)|[Ff]\b)", floor_band(building, floor) or "住户家", text)


def _in_chinese(floor: int) -> str:
    tens, ones = divmod(floor, 10)
    digits = "零一二三四五六七八九"
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones] if ones else ''}"


# -- for a language model --------------------------------------------------------------------------------------

_ADDRESS_OF_A_PAGE = re.compile(r"(?:https?://|www\.)[^\s，。！？；、]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?:wxid_|gh_)[a-z\d_-]+|(?<![a-z\d_])(?=[a-z_-]*\d)[a-z\d_-]{8,}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d(?:[ .·-]?\d){6,}")
_HALF_MASKED = re.compile(r"[\d -]*\*{4}\d{4}")
_CALLED = re.compile(r"@[^\s@，。！？,.!?：:；;]{1,20}")
_HOME = re.compile(
    rf"(?:[A-Za-z]?\d{{1,3}}|{_C}{{1,3}}|十[一二三四五六七八九]?|[A-Za-z])(?:号楼|号院|栋|幢|座|单元|#)(?:\d{{1,2}}(?=单元))?|[东西南北甲乙丙丁]单元"
)
_ENDS = r"[\s，。,.!！?？；;]|$"
_SURNAMED = re.compile(
    rf"[老小][{_SURNAMES}](?=家|说|{_ENDS})|[{_SURNAMES}](?:师傅|工|经理|主任|书记|老师|医生)|"
    rf"(?:我(?:是|叫)|我的名字(?:是|叫)?|姓名[:： ]?|联系人[:： ]?)"
    rf"[{_SURNAMES}{_MAYBE_WORDS}][\u4e00-\u9fff]{{1,2}}(?={_ENDS})"
)
_COUNTED_ROOM = re.compile(r"[一二三四五六七八九十]+百零?[一二三四五六七八九十]{1,3}(?=[室房号]|$|[\s，。,.])")
_LONGEST_READ = 4000
_LONGEST_ASKED = 600
_TAIL_ASKED = 200


def for_model(text: str, community: Community) -> Masked:
    """What a language model may see of a message: at most 600 characters, without phones, numbers of any kind that
    lead to a person, addresses of pages and accounts, names that are marked as such, the community, buildings and
    rooms. Floors and spots stay: they tell a leak from talk about one.
    """
    text = _ADDRESS_OF_A_PAGE.sub("[链接]", text[:_LONGEST_READ])
    text = _CALLED.sub("@某人", _HALF_MASKED.sub("[电话]", mask(text)))
    for name in sorted({community.name, community.operator, *(s.name for s in community.staff.values())}, key=len):
        text = text.replace(name, "[名称]") if len(name) >= 2 else text
    text = _TITLED.sub("住户", _SURNAMED.sub("某人", text))
    text = _FAMILY.sub(lambda match: match.group() if _NO_NAME.match(match["name"]) else "住户家", text)
    text = _ACCOUNT.sub("[编号]", _COUNTED_ROOM.sub("[房号]", _TRIPLE.sub("[房号]", text)))
    text = _HOME.sub("[楼号]", text).replace("#", " ")  # behind one, a room would pass for a ticket's number
    text = _ROOM.sub(lambda match: match.group() if match["room"] in _EMERGENCY_LINES else "[房号]", text)
    return Masked(_shortened(_LONG_NUMBER.sub("[号码]", text)))


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_ASKED:
        return text
    return f"{text[: _LONGEST_ASKED - _TAIL_ASKED - 1]}…{text[-_TAIL_ASKED:]}"
