"""No post in a building's group holds a room, a name or a phone, but the room that this person just typed there."""

import re

import pytest

from domain.conversation import Action
from domain.understanding import Location
from domain.vocabulary import Place, ReplyKind
from tests.handlers.meaning import Meaning, about, home
from tests.handlers.town import Heard, Town, open_town

ROOM = re.compile(r"(?<!\d)(?:502|602|1803)(?!\d)")
PHONE = re.compile(r"1[3-9]\d{9}")
SAYS = {
    "漏了": (home(source_room="602"),),
    "对门也漏": (home(location=Location("3", "2", "602", 6, Place.BEDROOM), like=1),),
    "帮5号楼老人报": (home(location=Location("5", "1", "502", 5, Place.BATHROOM)),),
    "催": (about(Action.CHASE),),
    "好了": (about(Action.CONFIRM),),
    "又漏": (about(Action.REOPEN),),
    "可以": (about(Action.CONSENT, 1, agreed=True),),
    "火大": (about(Action.ALERT),),
}
STAFF_SAYS = (
    "接单 #1 #2",
    "到场 #1 #2 502门口",
    "进展 #1 502赵国强家的水从602来，电话13812345678",
    "待续 #2 等602马小兵回来 明天9点",
    "完成 #1 #2 602马小兵家换了软管",
    "误报 #3 502马小兵说是空调水",
    "待办",
    "进度 #1",
    "改 #1 加急",
)


@pytest.fixture
async def town():
    async with open_town(Meaning(SAYS)) as opened:
        yield opened


def leaks(heard: Heard) -> list[str]:
    """What a group should not have been told. The @ of a reply is the person's own name."""
    if heard.private or heard.chat == "gstaff":
        return []
    body = re.sub(r"^(?:@\S+ )+", "", heard.text)
    names = [name for name in ("赵国强", "马小兵") if name in body]
    return [*names, *ROOM.findall(body), *PHONE.findall(body)]


async def test_through_a_whole_evening(town: Town):
    said = [
        await town.says("r3-zhao", "漏了", name="赵国强"),
        await town.says("r3-ma", "对门也漏", name="马小兵"),
        await town.says("r3-ma", "帮5号楼老人报", name="马小兵"),
        await town.says("r3-zhao", "催", name="赵国强"),
    ]
    for words in STAFF_SAYS:
        said.append(await town.says("sw-limin", words, photo=0 if words in {"待办", "进度 #1"} else 1))
        await town.passes(seconds=30)
    said += [await town.says("r3-zhao", w, name="赵国强") for w in ("可以", "又漏", "火大", "好了", "进度")]
    said.append(await town.says("rp-liu", "合并 #1 #2", None))
    said.append(await town.says("sw-limin", "合并 #1 #2", None))
    for who in ("r3-wu", "rp-liu"):
        said += [await town.says(who, f"进度 #{number}", mention=True) for number in (1, 2, 3)]
    posts = [heard for messages in said for heard in messages]
    assert len([p for p in posts if p.chat in {"g3", "g5"}]) > 25
    for post in posts:
        assert leaks(post) == [], post.text


async def test_a_stranger_in_private_hears_no_more_than_the_group(town: Town):
    await town.says("r3-zhao", "漏了", name="赵国强")
    [status] = await town.says("r3-wu", "进度 #1", None)
    assert not ROOM.search(status.text)


async def test_every_text_about_a_ticket_carries_its_number(town: Town):
    said = [await town.says("r3-zhao", words) for words in ("漏了", "催", "火大", "进度")]
    said += [await town.says("sw-limin", words) for words in STAFF_SAYS[:5]]
    said += [await town.says("r3-zhao", words) for words in ("可以", "好了")]
    posts = [heard for messages in said for heard in messages if heard.tickets]
    assert len(posts) > 12
    assert [p.text for p in posts if not all(f"#{n}" in p.text for n in p.tickets)] == []


async def test_promises_of_time_are_those_that_somebody_named(town: Town):
    said = [await town.says("r3-zhao", words) for words in ("漏了", "催", "火大")]
    kinds = {ReplyKind.ACK, ReplyKind.STATUS}
    texts = [h.text for messages in said for h in messages if h.kind in kinds]
    assert [t for t in texts if re.search(r"\d+(?:分钟|小时|天|点)|马上到|今天内|明天", t)] == []
