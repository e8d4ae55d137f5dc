"""Rooms in a message and whose they are: 楼上602往我家漏，我是502 has a source and a victim."""

import re
from dataclasses import dataclass

from domain.numerals import number

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖", "一二三四五六七八九")
_DIGITS = "零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
_FLOOR_AND_DOOR = re.compile(
    rf"(?<![\d{_DIGITS}十])(\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:楼|层)"
    rf"(0?\d|[1-3]\d|[一二三四五六七八九])(?:(?:号(?!楼|线|门)|户|室|的|房)|(?<=(?:楼|层)0\d)(?=[,。! ]|$))"
)
_DIGIT = re.compile(r"\d")
_LETTERED = re.compile(r"(?<![\dA-Z])(\d{1,2}[A-Z]\d{2})(?![\dA-Z])")
_DIGITAL = re.compile(r"(?<![\dA-Z.])(?<!B\d-)(\d{3,4})(?![\dA-Z%.]|-\d{4,}|号(?![房楼室]))")
_SPELLED = re.compile(
    rf"(?<![{_DIGITS}十百千])([{_DIGITS}]{{3,4}}|[{_DIGITS}]{{6}}|[{_DIGITS}]{{8}})(?![{_DIGITS}十百千年月])"
)
_COUNTED = re.compile(
    r"(?:(?<=单元)|(?<=[栋幢楼门梯]))[一二三四五六七八九]百零?[一二三四五六七八九](?=的|室|房|[,。! ]|$)"
    r"|[一二三四五六七八九]百零[一二三四五六七八九](?=室|房)"
    r"|(?:[一二三]?十[一二三四五六七八九]?|(?<=单元)[二三四五六七八九])[零〇][一二三四五六七八九](?![十百千\d个点分号])"
)
_SERVICE_NUMBERS = frozenset({"110", "119", "120", "122", "114", "315", "360", "365", "404", "996"})
_PRICE_BEFORE = frozenset("价花交卖共约才涨超近满充送付省收罚扣群第")
_MOST_DOORS = 40

_MINE_BEFORE = re.compile(
    r"(?:我(?:家|们家|们|这边|这里|这|住的?|住在|是|的|下面|房号)?|俺家?|本人|咱家?|阿拉|自家|房号[是:]?|现在是|[^不]是|"
    r"我们?家[^,。!? ]{0,4}\()\s?$"
)
_MINE_AFTER = re.compile(r"\s?(?:我家|这边|这里|在滴|也在|被漏|的我)")
_SOURCE_BEFORE = re.compile(
    r"(?:楼上|上面|隔壁|对门|上家|联系|找到?|给|问|叫|让|通知|怀疑|应该是|可能是|是不是|就是|修好了的是|楼下|那是)(?:的?邻居|是|那户|业主)?\s?$"
)
_ON_BEHALF = re.compile(
    r"[帮替代](?:我们?)?(?:楼上|楼下|隔壁|对门|邻居)(?:的|家)?\s?$|[爸妈爹娘奶爷姥婆]家?[在住](?:楼上|楼下|隔壁|对门)?\s?$"
)
"""帮对门502报个漏水: theirs, and theirs it leaks in."""
_SOURCE_AFTER = re.compile(
    r"\s?(?:(?:家里)?(?:在家|有人)吗|你(?:们)?家|他家|她家|家?装修|麻烦|能不能关|(?:快|请|赶紧)?关下?[水阀]|把水|把管|电话|业主电话|往我|漏到我|"
    r"家的事|漏水?[?]|漏我家|找我|找上来|家?忘关|是不是(?:在家|忘|没关|在[洗放])|发微信|上来说|往下漏|漏下来|漏到|家?防水|的问题|往楼下)"
)
_TAKEN_BACK_AFTER = re.compile(r"\s?(?:作废|写错|打错|说错|发错|错了|不对|没事|不用|划掉|撤回|取消)")
_TAKEN_BACK_BEFORE = re.compile(
    r"(?:不是|并非|而非|不在|写成|打成|错写成|刚才说的?|刚才发的?|刚说的?)(?:我家|我们|\d{1,2}-|\d{1,2}单元|[一二三四五六七八九十]+单元)?\s?$"
)


@dataclass(frozen=True, slots=True)
class RoomSpoken:
    """weight: above zero the speaker's own, below zero where the water comes from; None: taken back."""

    room: str
    floor: int | None
    start: int
    end: int
    weight: int | None


def rooms_in(text: str) -> tuple[RoomSpoken, ...]:
    """Every room, in order. Expects normalised text without figures."""
    found = [*_floor_and_door(text), *(_written(text) if _DIGIT.search(text) else ()), *_spelled(text)]
    found.sort()
    kept: list[tuple[int, int, str, int | None]] = []
    for start, end, room, floor in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, room, floor))
    return tuple(RoomSpoken(room, floor, start, end, _weight(text, start, end)) for start, end, room, floor in kept)


def floor_of(room: str) -> int | None:
    """1203 is on floor 12; 12A05 says nothing."""
    return int(room[:-2]) if room.isdecimal() and len(room) in {3, 4} and int(room[:-2]) > 0 else None


def _floor_and_door(text: str) -> list[tuple[int, int, str, int | None]]:
    found: list[tuple[int, int, str, int | None]] = []
    for match in _FLOOR_AND_DOOR.finditer(text):
        floor, door = number(match[1]), number(match[2])
        if floor and door and floor <= 60:
            found.append((match.start(), match.end(), f"{floor}{door:02d}", floor))
    return found


def _written(text: str) -> list[tuple[int, int, str, int | None]]:
    found: list[tuple[int, int, str, int | None]] = [
        (match.start(), match.end(), match[1], None) for match in _LETTERED.finditer(text)
    ]
    found += [
        (match.start(), match.end(), match[1], floor_of(match[1]))
        for match in _DIGITAL.finditer(text)
        if _is_room(match[1], text, match.start(), match.end())
    ]
    return found


def _is_room(digits: str, text: str, start: int, end: int) -> bool:
    if len(digits) == 3 and digits[0] == "0":
        return False
    said_so = text.startswith(("室", "房", "号房"), end) or text[:start].endswith(
        ("单元", "-", "栋", "座", "幢", "#", "号楼", "/", "门", "梯")
    )
    if said_so:
        return 0 < int(digits[-2:]) <= 99
    before = text[start - 1] if start else " "
    year_like = len(digits) == 4 and digits[:2] == "20" and digits[2] in "12"
    return not (
        year_like or digits in _SERVICE_NUMBERS or before in _PRICE_BEFORE or not 0 < int(digits[-2:]) <= _MOST_DOORS
    )


def _spelled(text: str) -> list[tuple[int, int, str, int | None]]:
    found = []
    for match in _SPELLED.finditer(text):
        room = _digits_of(match[1], text, match.start(), match.end())
        if room:
            found.append((match.start(), match.end(), room, floor_of(room)))
    for match in _COUNTED.finditer(text):
        floor, _, door = match.group().replace("〇", "零").partition("零")
        room = f"{number(floor)}0{number(door)}" if "百" not in floor and door else str(number(match.group()))
        found.append((match.start(), match.end(), room, floor_of(room)))
    return found


def _digits_of(spoken: str, text: str, start: int, end: int) -> str | None:
    half = len(spoken) // 2
    if len(spoken) >= 6:  # voice messages say it twice: 五零三五零三
        if spoken[:half] != spoken[half:]:
            return None
        spoken = spoken[:half]
    sure = any(c in "零〇幺壹贰叁肆伍陆柒捌玖" for c in spoken[1:]) or text.startswith(("室", "房"), end)
    if not sure and not text[:start].endswith(("单元", "号楼", "栋")):
        return None
    value = "".join(str(number(c)) for c in spoken.translate(_FORMAL))
    return value if value[0] != "0" or len(value) == 4 else None


def _weight(text: str, start: int, end: int) -> int | None:
    before, after = text[max(0, start - 8) : start], text[end : end + 8]
    if _TAKEN_BACK_BEFORE.search(before) or _TAKEN_BACK_AFTER.match(after):
        return None
    if _ON_BEHALF.search(before):
        return 1
    weight = 0
    if _MINE_BEFORE.search(before) and not _SOURCE_BEFORE.search(before):
        weight += 3
    if _MINE_AFTER.match(after):
        weight += 1
    if _SOURCE_BEFORE.search(before):
        weight -= 2
    if _SOURCE_AFTER.match(after):
        weight -= 2
    return weight
