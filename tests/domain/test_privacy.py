import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import for_learning
from domain.privacy import for_group, full_place, full_title, is_public_spot, mask, public_place, public_title
from domain.tickets import Ticket
from domain.understanding import Location
from domain.vocabulary import PUBLIC_PLACES, Kind, Place, Scope
from tests.domain.values import BUILDINGS, COMMUNITY, GROUP, HOME, NOW, PUBLIC_TICKET, REPORTER, TICKET

A_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.mark.parametrize(
    "text, masked",
    [
        pytest.param("电话13812345678", "电话138****5678", id="mobile"),
        pytest.param("138 1234 5678", "138****5678", id="mobile with spaces"),
        pytest.param("138-1234-5678", "138****5678", id="mobile with dashes"),
        pytest.param("138－1234－5678", "138****5678", id="mobile with full-width dashes"),
        pytest.param("138.1234.5678", "138****5678", id="mobile with dots"),
        pytest.param("１３８１２３４５６７８", "138****5678", id="mobile in full width"),
        pytest.param("138\u200b1234\u200b5678", "138****5678", id="mobile with zero-width spaces"),
        pytest.param("+8613812345678", "+86138****5678", id="mobile with country"),
        pytest.param("+86 138 1234 5678", "+86 138****5678", id="mobile with country and spaces"),
        pytest.param("一三八一二三四五六七八", "[电话]", id="mobile in Chinese digits"),
        pytest.param("13812345678或13987654321", "138****5678或139****4321", id="two mobiles"),
        pytest.param("010-84321234", "010-****1234", id="landline"),
        pytest.param("01084321234", "010****1234", id="landline without a dash"),
        pytest.param("010-8432-1234", "010-****1234", id="landline in groups"),
        pytest.param("（010）84321234", "（010）****1234", id="landline in brackets"),
        pytest.param("0311-85551234", "0311-****1234", id="landline, four digits of area"),
        pytest.param("座机84321234", "座机****1234", id="landline without area"),
        pytest.param("身份证110105199001011234", "身份证[证件号]", id="identity number"),
        pytest.param("11010519900101123X", "[证件号]", id="identity number with X"),
        pytest.param("110105 19900101 1234", "[证件号]", id="identity number with spaces"),
        pytest.param("京A12345挡住了井盖", "[车牌]挡住了井盖", id="plate"),
        pytest.param("京A·12345", "[车牌]", id="plate with a dot"),
        pytest.param("京ad12345", "[车牌]", id="plate of an electric car, small letters"),
        pytest.param("冀B1234挂", "[车牌]", id="plate of a trailer"),
    ],
)
def test_what_points_at_a_person_is_masked(text: str, masked: str):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("#12 已到场", id="ticket number"),
        pytest.param("#12345 已到场", id="long ticket number"),
        pytest.param("拨打12345", id="hotline"),
        pytest.param("12379发布", id="warning centre"),
        pytest.param("119、110、120", id="emergency lines"),
        pytest.param("2021-08-23 21:58", id="date and time"),
        pytest.param("20210823", id="date in eight digits"),
        pytest.param("2021年8月23日", id="date in words"),
        pytest.param("8月23日-25日", id="span of days"),
        pytest.param("雨量102.5毫米", id="rainfall"),
        pytest.param("50-100毫米", id="span of rainfall"),
        pytest.param("8:30-17:30", id="hours"),
        pytest.param("300-500块", id="money"),
        pytest.param("京城大雨", id="the city"),
        pytest.param("3号楼2单元", id="place"),
        pytest.param("400-810-1234", id="a company's hotline"),
    ],
)
def test_what_points_at_nobody_stays(text: str):
    assert mask(text) == text


SPACES = st.sampled_from(["", " ", "-", "－", ".", "\u200b", "·"])
FOUR = st.text("0123456789", min_size=4, max_size=4)
MOBILES = st.tuples(st.sampled_from(["138", "139", "159", "177", "188", "199"]), FOUR, FOUR)


@given(st.text(), MOBILES, SPACES, st.text())
def test_no_mobile_survives(before: str, mobile: tuple[str, str, str], space: str, after: str):
    masked = mask(f"{before}，{space.join(mobile)}，{after}")
    assert not A_MOBILE.search(masked)
    assert f"，{mobile[0]}****{mobile[2]}，" in masked


@given(st.text("0123456789 -#.，京A:", max_size=60))
def test_no_mobile_survives_among_digits(text: str):
    assert not A_MOBILE.search(mask(text))


@given(st.text())
def test_mask_twice_is_mask_once(text: str):
    assert mask(mask(text)) == mask(text)


# -- staff's words for a group ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words, shown",
    [
        pytest.param("502家的水管换了", "住户家的水管换了", id="the ticket's room"),
        pytest.param("502室的水管换了", "住户家的水管换了", id="with 室"),
        pytest.param("502房间渗水", "住户家渗水", id="with 房间"),
        pytest.param("502漏水已处理", "住户家漏水已处理", id="bare"),
        pytest.param("502次卧漏水", "住户家次卧漏水", id="before a bedroom, which is no count"),
        pytest.param("502天花板修好了", "住户家天花板修好了", id="before a ceiling, which is no day"),
        pytest.param("502户主不在", "住户家户主不在", id="before an owner, who is no count"),
        pytest.param("502人不在家", "住户家人不在家", id="before people who are no count"),
        pytest.param("502台面换了", "住户家台面换了", id="before a worktop"),
        pytest.param("502小王说好了", "住户家小王说好了", id="before a name that begins like an hour"),
        pytest.param("502分水器换了", "住户家分水器换了", id="before a part that begins like a minute"),
        pytest.param("3-2-502换了水管", "住户家换了水管", id="triple"),
        pytest.param("３－２－５０２换了水管", "住户家换了水管", id="triple in full width"),
        pytest.param("2-502换了水管", "住户家换了水管", id="pair"),
        pytest.param("2单元502换了水管", "2单元住户家换了水管", id="behind a unit"),
        pytest.param("五零二换了水管", "住户家换了水管", id="Chinese digits"),
        pytest.param("五〇二室换了水管", "住户家换了水管", id="Chinese digits with 室"),
        pytest.param("12A05已关阀", "住户家已关阀", id="a letter inside"),
        pytest.param("1203已关阀", "住户家已关阀", id="a neighbour's room"),
        pytest.param("楼上602地漏堵了", "楼上住户家地漏堵了", id="where the water comes from"),
        pytest.param("B座2305也漏", "B座住户家也漏", id="a room that only another building has"),
        pytest.param("502、602都看过", "住户家、住户家都看过", id="two rooms"),
        pytest.param("已和李秀英说好", "已和住户说好", id="the reporter's name"),
        pytest.param("到李秀英家看过", "到住户家看过", id="the reporter's home"),
        pytest.param("502李秀英家看过", "住户家看过", id="room and name"),
        pytest.param("502的李秀英家看过", "住户家看过", id="room, of, name"),
        pytest.param("老李家看过", "住户家看过", id="the reporter's surname"),
        pytest.param("李阿姨家看过", "住户家看过", id="a title"),
        pytest.param("王女士同意了", "住户同意了", id="somebody else's title"),
        pytest.param("已到张国强家", "已到住户家", id="somebody else's home"),
        pytest.param("业主电话13812341203", "业主电话138****1203", id="a phone, its end no room"),
        pytest.param("501-504都漏", "住户家-住户家都漏", id="a span of rooms"),
        pytest.param("501/502都漏", "住户家/住户家都漏", id="rooms with a slash"),
        pytest.param("房号:502", "房号:住户家", id="behind a colon"),
        pytest.param("2#502已修", "2#住户家已修", id="behind a building's sign"),
        pytest.param("room502已修", "room住户家已修", id="behind a Latin word"),
        pytest.param("2502已修", "住户家已修", id="unit and room in one"),
        pytest.param("三二五零二已修", "住户家已修", id="building, unit and room read out"),
        pytest.param("李姐说不漏了", "住户说不漏了", id="a short title"),
        pytest.param("秀英家看过", "住户家看过", id="the reporter's given name"),
        pytest.param("五层水管已换", "低层水管已换", id="a home's floor in Chinese"),
        pytest.param("5楼水管已换", "低层水管已换", id="a home's floor"),
        pytest.param("5层502已换", "低层住户家已换", id="floor and room"),
    ],
)
def test_homes_and_names_are_taken_out(words: str, shown: str):
    assert for_group(words, COMMUNITY, TICKET) == shown


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("#102 和 #502 一起看", id="ticket numbers"),
        pytest.param("工单102已并案", id="ticket number in words"),
        pytest.param("102号单一起做", id="ticket number with 单"),
        pytest.param("8月23日21:58到场，22:06排干", id="dates and times"),
        pytest.param("2021-08-23完工", id="full date"),
        pytest.param("2021/08/23完工", id="full date with slashes"),
        pytest.param("雨量102毫米", id="rainfall"),
        pytest.param("雨量 102 毫米", id="rainfall with spaces"),
        pytest.param("抽了302吨水", id="tonnes"),
        pytest.param("用了101袋沙子", id="bags"),
        pytest.param("材料费402元", id="money"),
        pytest.param("约201户受影响", id="households counted"),
        pytest.param("等了101分钟", id="minutes"),
        pytest.param("请拨12345", id="hotline"),
        pytest.param("12379发布蓝色预警", id="warning centre"),
        pytest.param("有危险打119、120、110", id="emergency lines"),
        pytest.param("DN110的管子换了", id="pipe"),
        pytest.param("水深0.302米", id="decimal"),
        pytest.param("方便大家出行", id="大家 is no family"),
        pytest.param("马上跟业主说", id="马 is no surname here"),
        pytest.param("已向业主说明", id="向 is no surname here"),
        pytest.param("到高层家里看", id="高 is no surname here"),
        pytest.param("302-402元一平", id="a span of money"),
        pytest.param("请专家看过", id="专家 is no family"),
        pytest.param("厂家明天到", id="厂家 is no family"),
        pytest.param("李敏、王师傅已到现场", id="staff"),
        pytest.param("落叶清了，水退了", id="plain words"),
        pytest.param("12层楼道干了", id="a public floor"),
        pytest.param("三三两两散了", id="Chinese digits in other words"),
    ],
)
def test_what_names_no_home_stays(words: str):
    assert for_group(words, COMMUNITY, TICKET) == words


def test_the_source_room_is_hidden_even_where_no_register_knows_it():
    ticket = replace(TICKET, source_room="2602")
    assert for_group("2602的阀门关了", COMMUNITY, ticket) == "住户家的阀门关了"
    assert for_group("和402一起补的", COMMUNITY, ticket) == "和住户家一起补的"


def test_a_nickname_is_taken_out_whole():
    ticket = replace(TICKET, reporters=(replace(REPORTER, name="开心每一天"), replace(REPORTER, name="3-2-502 李姐")))
    assert for_group("已告诉开心每一天和3-2-502 李姐", COMMUNITY, ticket) == "已告诉住户和住户"


def test_the_floor_of_a_public_spot_stays():
    ticket = replace(PUBLIC_TICKET, location=Location("3", "2", floor=5, place=Place.CORRIDOR))
    assert for_group("5层楼道已拖干", COMMUNITY, ticket) == "5层楼道已拖干"


ROOMS = st.tuples(st.sampled_from(BUILDINGS), st.integers(1, 24), st.integers(1, 8)).filter(
    lambda r: r[1] <= r[0].floors and r[2] <= r[0].rooms_per_floor
)
AFTER = st.sampled_from(
    ["", "室", "房", "家", "的", "漏水", "次卧", "天花板", "户主", "小孩", "卫生间", "阳台", "，好了", " "]
)
BEFORE = st.sampled_from(["", "到", "2单元", "楼上", "在", "给", "，", "业主", "和"])


@given(ROOMS, BEFORE, AFTER)
def test_no_room_of_the_register_survives(room: tuple, before: str, after: str):
    number = f"{room[1]}{room[2]:02}"
    assert number not in for_group(f"{before}{number}{after}", COMMUNITY, TICKET)


@given(st.text())
def test_words_for_a_group_never_raise(text: str):
    assert not A_MOBILE.search(for_group(text, COMMUNITY, TICKET))


# -- places ----------------------------------------------------------------------------------------------------


def of_home(location: Location) -> Ticket:
    return replace(TICKET, location=location)


@pytest.mark.parametrize(
    "ticket, title",
    [
        pytest.param(TICKET, "3号楼2单元低层住户漏水", id="a home: building, unit, band"),
        pytest.param(of_home(replace(HOME, floor=None)), "3号楼2单元住户漏水", id="no floor: no band"),
        pytest.param(of_home(Location("3")), "3号楼住户漏水", id="only the building is known"),
        pytest.param(of_home(Location("8", "东", "901", 9)), "8号楼东单元高层住户漏水", id="units with names"),
        pytest.param(of_home(Location("9", "1", "301", 3)), "9号楼住户漏水", id="three homes in all: no unit, no band"),
        pytest.param(of_home(Location("B", "1", "2305", 23)), "B座1单元高层住户漏水", id="a tower"),
        pytest.param(of_home(Location(None, None, "502", 5)), "住户漏水", id="no building at all"),
        pytest.param(PUBLIC_TICKET, "3号楼2单元门口积水", id="a public spot"),
        pytest.param(
            replace(PUBLIC_TICKET, location=Location("3", "2", "501", 5, Place.CORRIDOR)),
            "3号楼2单元5层楼道积水",
            id="a public spot near a room: floor, no room",
        ),
        pytest.param(
            replace(PUBLIC_TICKET, location=Location("3", "2", floor=-2, place=Place.GARAGE)),
            "3号楼地下二层地库积水",
            id="a garage belongs to no unit",
        ),
        pytest.param(
            replace(PUBLIC_TICKET, kind=Kind.BLOCKAGE, location=Location(None, place=Place.ROAD)),
            "路面堵塞返水",
            id="outside every building",
        ),
    ],
)
def test_the_title_for_a_group(ticket: Ticket, title: str):
    assert public_title(COMMUNITY, ticket) == title


def test_the_title_for_staff():
    assert full_title(COMMUNITY, TICKET) == "3号楼2单元502卧室漏水"
    assert full_place(COMMUNITY, Location("3", "2", floor=5)) == "3号楼2单元5层"


@given(ROOMS, st.sampled_from(Scope), st.sampled_from([None, *Place]), st.sampled_from(Kind))
def test_no_title_for_a_group_shows_a_room(room: tuple, scope: Scope, place: Place | None, kind: Kind):
    building, floor, door = room
    number = f"{floor}{door:02}"
    location = Location(building.id, building.units[0], number, floor, place)
    ticket = replace(TICKET, scope=scope, kind=kind, location=location, source_room=number)
    title = public_title(COMMUNITY, ticket)
    assert number not in title
    assert title.startswith(public_place(COMMUNITY, ticket))
    if scope is Scope.HOUSEHOLD:
        assert f"{floor}层" not in title


def test_the_title_never_names_the_reporter():
    assert "李秀英" not in public_title(COMMUNITY, TICKET)
    assert REPORTER.chat == GROUP
    assert REPORTER.at == NOW


@pytest.mark.parametrize("place", [None, *Place])
def test_public_spots(place: Place | None):
    assert is_public_spot(place) is (place in PUBLIC_PLACES)


@pytest.mark.parametrize(
    "words, kept",
    [
        ("2单元502厨房漏水，电话13900001234", "2单元101厨房漏水，电话[电话]"),
        ("我是2-502，楼上602往我家漏", "我是2-101，楼上101往我家漏"),
        ("3-2-1502 漏了", "3-2-101 漏了"),
        ("五零二室漏水，二单元一五零二也漏", "一零一室漏水，二单元一零一也漏"),
        ("12A05阳台渗水", "101阳台渗水"),
        ("@开心 你家漏水了吗", "@住户 你家漏水了吗"),
        ("张阿姨家漏水", "住户家漏水"),
        ("开心每一天家漏水，微信wx12345678", "住户家漏水，微信wx00000"),
        ("010-12345678，a@b.com，www.a.com/x", "[电话]，[链接]，[链接]"),
        ("漏了3天，打12345了，也打了119", "漏了3天，打12345了，也打了119"),
        ("dn110的管子爆了，300块修不好", "dn110的管子爆了，300块修不好"),
        ("李敏来看过，还在漏", "住户来看过，还在漏"),
    ],
)
def test_a_copy_to_learn_from_points_at_nobody(words: str, kept: str):
    assert for_learning(words, COMMUNITY, ["开心每一天"]) == kept


@given(
    st.text(max_size=60),
    st.from_regex(r"[1-9]\d{2}|1\d{3}", fullmatch=True).filter(lambda n: n not in {"101", "110", "119", "120", "122"}),
)
def test_a_room_behind_any_words_is_no_longer_there(words: str, room: str):
    assert f"单元{room}室" not in for_learning(f"{words}2单元{room}室漏水", COMMUNITY, [])
