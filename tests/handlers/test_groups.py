"""Groups and people: the notice on joining, binding, one-time codes."""

import re
from datetime import timedelta

import pytest

from domain.records import Code
from domain.vocabulary import MessageKind, Role, StaffId
from handlers.binding import digest_of
from tests.handlers.meaning import Meaning, home
from tests.handlers.town import EVENING, STAFF, Town, in_group, open_town, to


async def join(town: Town, group: str):
    return await town.says("adm-zhou", "", group, kind=MessageKind.JOIN)


async def test_one_notice_in_a_groups_life(town: Town):
    [notice] = await join(town, "g3")
    for promise in ("由广达路社区管理", "30分钟内删掉", "不要记录我", "有疑问请找"):
        assert promise in notice
    assert await join(town, "g3") == []


async def test_an_unknown_group_is_not_read_and_staff_are_asked_once():
    async with open_town(Meaning({"漏了": (home(),)})) as town:
        heard = await town.says("r9-li", "漏了", "g9")
        assert [(h.chat, "绑定 3号楼" in h) for h in heard] == [(STAFF, True)]
        assert await town.says("r9-li", "漏了", "g9", photo=1) == []
        assert await town.tickets() == []


async def test_binding_makes_it_the_buildings_group(town: Town):
    await town.says("r9-li", "大家好", "g9")
    [bound] = await town.says("sec-chen", "绑定 8号楼", "g9")
    assert "这个群现在是8号楼的群" in bound
    heard = await town.says("r9-li", "东单元门口积水了，过不去", "g9")
    assert "#1：8号楼东单元门口积水" in in_group(heard, "g9")[0]


async def test_a_second_staff_group_may_be_bound(town: Town):
    [bound] = await town.says("sec-chen", "绑定 工作群", "g9")
    assert "现在是工作群。" in bound
    heard = await town.says("r3-zhang", "2单元门口积水了，都漫过台阶了")
    assert len(in_group(heard, "g9")) == 1


@pytest.mark.parametrize(
    "words, expected", [("绑定 77号楼", "没有这栋楼。本社区有：1号楼、3号楼"), ("绑定", "请这样说：绑定")]
)
async def test_a_building_that_is_not_there_is_refused(town: Town, words: str, expected: str):
    [refusal] = await town.says("sec-chen", words, "g9", mention=True)
    assert expected in refusal


async def test_binding_is_said_in_the_group(town: Town):
    [refusal] = await town.says("sec-chen", "绑定 3号楼", None)
    assert "请在要绑定的那个群里@我说" in refusal


async def granted(town: Town, words: str, group: str | None = STAFF) -> str:
    heard = await town.says("sec-chen", words, group)
    [private] = to(heard, "sec-chen")
    code = re.search(r"授权码：(\d+)", private)
    assert code is not None
    assert all(code[1] not in text for text in in_group(heard, STAFF))
    return code[1]


async def test_a_code_makes_a_staff_member_once(town: Town):
    code = await granted(town, "授权 社工 吴芳 3,5号楼")
    [welcome] = await town.says("u-wufang", f"我是 吴芳 {code}", None, name="昵称随便")
    assert "吴芳您好" in welcome
    [refused] = await town.says("u-else", f"我是 吴芳 {code}", None)
    assert "这个码不对、用过了或过期了" in refused
    heard = await town.says("r3-zhang", "2单元门口积水了，都漫过台阶了")
    assert "李敏、吴芳负责跟进" in in_group(heard)[0]
    assert len(to(heard, "u-wufang")) == 1
    assert len(await town.says("u-wufang", "接单 #1", None)) == 2


async def test_the_code_goes_to_the_head_in_private_only(town: Town):
    heard = await town.says("sec-chen", "授权 维修 马强", STAFF)
    assert [(h.private, h.reply_to) for h in heard] == [(True, None), (False, "t1")]


async def test_a_code_runs_out_and_belongs_to_its_name(town: Town):
    code = await granted(town, "授权 维修 马强", None)
    [refused] = await town.says("u-ma", f"我是 李强 {code}", None)
    assert "这个码不对" in refused
    await town.passes(days=2, seconds=1)
    [refused] = await town.says("u-ma", f"我是 马强 {code}", None)
    assert "过期" in refused


async def test_a_known_colleague_gets_a_second_account(town: Town):
    code = await granted(town, "授权 社工 李敏")
    await town.says("u-new-phone", f"{'我是'} {code} 李敏", None)
    assert (await town.person("u-new-phone")).staff == "sw-limin"


async def test_the_first_administrators_code_takes_the_name_given(town: Town):
    last = EVENING + timedelta(days=2)
    await town.code(Code(digest_of("12345678"), StaffId("adm-1"), "", Role.ADMINISTRATOR, (), EVENING, last))
    [welcome] = await town.says("u-boss", "我是 周航 12345678", None)
    assert "周航您好" in welcome
    await granted_by(town, "u-boss")


async def granted_by(town: Town, who: str) -> None:
    heard = await town.says(who, "授权 社工 吴芳", None)
    assert "吴芳的一次性授权码" in to(heard, who)[0]


@pytest.mark.parametrize("words", ["授权 吴芳", "授权 社工", "授权 社工 吴芳 刘芳", "授权 社工 吴芳 77号楼"])
async def test_a_grant_that_is_not_clear_is_refused(town: Town, words: str):
    [refusal] = await town.says("sec-chen", words, STAFF)
    assert "授权 社工 李敏 3,5号楼" in refusal


async def test_a_nickname_gives_no_authority(town: Town):
    await town.says("r3-zhang", "2单元门口积水了，都漫过台阶了")
    assert await town.says("r3-wu", "接单 #1", name="李敏") == []
