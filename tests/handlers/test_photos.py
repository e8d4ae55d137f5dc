"""Photos: filed at once, shown where that is allowed, and not before."""

import pytest

from domain.conversation import Action
from domain.records import MediaState
from domain.understanding import Location
from domain.vocabulary import Place, ReplyKind
from tests.handlers.meaning import Meaning, about, door, home
from tests.handlers.town import STAFF, Town, in_group, open_town

SAYS = {
    "门口有水": (door(),),
    "漏了": (home(),),
    "我家也漏": (home(location=Location("3", "2", "602", 6, Place.BEDROOM), like=1),),
    "可以": (about(Action.CONSENT, 1, agreed=True),),
    "行": (about(Action.CONSENT, 2, agreed=True),),
    "别发": (about(Action.CONSENT, 1, agreed=False),),
}


@pytest.fixture
async def town():
    async with open_town(Meaning(SAYS)) as opened:
        yield opened


async def test_photos_within_two_minutes_of_a_command_belong_to_its_ticket_and_are_posted_once(town: Town):
    await town.says("r3-zhang", "门口有水")
    await town.says("sw-limin", "进展 #1 正在掏")
    assert await town.says("sw-limin", photo=1) == []  # more may follow
    await town.passes(seconds=3)
    assert await town.says("sw-limin", photo=1) == []
    posts = await town.passes(seconds=10)
    assert [(p.kind, len(p.media), p.row.reply.merge) for p in posts] == [(ReplyKind.PROGRESS, 1, "progress")] * 2
    assert posts[0].text == posts[1].text == "#1 3号楼2单元门口积水：现场照片（李敏）。"
    assert len((await town.ticket()).media) == 2


async def test_later_photos_and_those_of_others_do_not(town: Town):
    await town.says("r3-zhang", "门口有水")
    await town.says("sw-limin", "进展 #1 正在掏")
    await town.says("rp-liu", photo=1)
    await town.passes(minutes=2, seconds=1)
    await town.says("sw-limin", photo=1)
    assert await town.passes(minutes=1) == []
    assert (await town.ticket()).media == ()


async def test_photos_shortly_before_a_command_belong_to_it(town: Town):
    await town.says("r3-zhang", "门口有水")
    await town.says("sw-limin", photo=1)
    [post] = await town.says("sw-limin", "完成 #1")
    assert len(post.media) == 1


async def test_a_photo_that_quotes_a_post_or_names_the_number_is_progress(town: Town):
    await town.says("r3-zhang", "门口有水")
    [post] = await town.says("rp-liu", "到场 #1")
    [shown] = await town.says("rp-liu", photo=1, quote=post.id)
    assert shown.text == "#1 3号楼2单元门口积水：正在处理（刘海，报修后不到1分钟）。"
    heard = await town.says("rp-liu", "#1 水泵架上了", None, photo=1)
    assert in_group(heard) == ["#1 3号楼2单元门口积水：水泵架上了（刘海，报修后不到1分钟）。"]


async def test_a_residents_photo_is_never_progress(town: Town):
    [ack, *_] = await town.says("r3-zhang", "门口有水", photo=1)
    assert "照片收好了" in ack
    assert await town.says("r3-wu", photo=1, quote=ack.id) == []
    assert [m.by_staff for m in await town.media()] == [False]


async def test_photos_of_a_home_wait_for_its_consent(town: Town):
    await town.says("r3-zhao", "漏了", name="老赵")
    heard = await town.says("rp-wang", "进展 #1 找到漏点", None, photo=2)
    [question] = [h for h in heard if h.kind is ReplyKind.QUESTION]
    assert (question.chat, question.mentions, question.reply_to) == ("g3", ("r3-zhao",), "t1")
    assert "#1 师傅拍了维修照片，可以发群里让大家放心吗？回复“可以”就发" in question
    [post] = [h for h in heard if h.kind is ReplyKind.PROGRESS]
    assert post.media == ()
    assert post.text.endswith("照片已存档。")
    [thanks, shown] = await town.says("r3-zhao", "可以")
    assert "维修照片可以发群里" in thanks
    assert len(shown.media) == 2
    [post] = [h for h in await town.says("rp-wang", "完成 #1", None, photo=1) if h.chat == "g3"]
    assert len(post.media) == 1


async def test_the_household_is_asked_once(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("rp-wang", "进展 #1 找到漏点", None, photo=1)
    heard = await town.says("rp-wang", "进展 #1 在补", None, photo=1)
    assert [h for h in heard if h.kind is ReplyKind.QUESTION] == []


async def test_a_no_keeps_them_filed(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("rp-wang", "进展 #1 找到漏点", None, photo=1)
    [kept] = await town.says("r3-zhao", "别发")
    assert "#1 的照片只存档，不发群里" in kept
    heard = await town.says("rp-wang", "完成 #1", None, photo=1)
    assert [h.media for h in heard if h.chat == "g3"] == [()]


async def test_only_the_household_consents(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("rp-wang", "进展 #1 找到漏点", None, photo=1)
    assert await town.says("r3-wu", "可以") == []
    assert (await town.ticket()).photo_consent is None


async def test_a_photo_of_two_homes_needs_the_word_of_both(town: Town):
    await town.says("r3-zhao", "漏了")
    await town.says("r3-ma", "我家也漏")
    await town.says("rp-wang", "进展 #1 #2 接上桶了", STAFF, photo=1)
    assert [h.media for h in await town.says("r3-zhao", "可以")] == [()]
    shown = await town.says("r3-ma", "行")
    assert [len(h.media) for h in shown] == [0, 1]


async def test_a_file_is_known_from_the_start_and_fetched_later(town: Town):
    await town.says("r3-zhang", "门口有水", photo=1)
    [record] = await town.media()
    assert (record.state, record.handle, record.ticket) == (MediaState.WAITING, "t1-0.jpg", 1)
