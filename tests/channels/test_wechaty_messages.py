"""What goes through the wechaty channel, both ways, and what it makes of odd things. Against the real npm server."""

import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO
from random import Random

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from PIL import Image
from structlog.testing import capture_logs

from domain.errors import ChannelError, UnknownOutcome
from domain.messages import File, MediaHandle, Mention, Person
from domain.ports import Channel, Link
from domain.vocabulary import MessageKind
from tests.channels.contract import listening, photo, to_group
from tests.channels.puppet_process import TOKEN, PuppetProcess, puppet_process
from tests.channels.rig import ANN, BEN, BOT_NAME, Says, until
from tests.channels.wechaty_rig import IDS, INTERNAL, ROOM, UNAVAILABLE, UNKNOWN, WechatyRig, wechaty_rig

pytestmark = pytest.mark.puppet
MIB = 2**20


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUQUN_WECHATY_TOKEN", TOKEN)


@asynccontextmanager
async def served_at(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}"
    await runner.cleanup()


@pytest.fixture(scope="module")
def puppet() -> Iterator[PuppetProcess]:
    with puppet_process() as puppet:
        yield puppet


@pytest.fixture
async def rig(puppet: PuppetProcess) -> AsyncIterator[WechatyRig]:
    async with wechaty_rig(puppet) as rig:
        yield rig


# -- files -------------------------------------------------------------------------------------------------------


def photo_of(size: int) -> bytes:
    """A real JPEG, padded behind its end to the exact size."""
    small = BytesIO()
    Image.new("RGB", (8, 8)).save(small, "JPEG")
    return small.getvalue() + Random(size).randbytes(size - small.tell())


@pytest.mark.parametrize("size", [20 * 1024, 20 * 1024 + 1, 3 * MIB, 20 * MIB])
async def test_photos_of_any_size_go_both_ways(rig: WechatyRig, size: int):
    data = photo_of(size)
    async with listening(rig) as sink:
        await rig.says(Says(ANN, photo=data))
        [message] = await sink.wait(1)
        file = await rig.channel.fetch(message.media[0])
        assert (len(file.data), file.data == data, file.mime, file.name) == (size, True, "image/jpeg", "photo.jpg")
        receipt = await rig.channel.send(to_group(rig, "", File("after.jpg", "image/jpeg", data)))
        [heard] = await rig.heard(1)
    assert receipt.remote_ids == heard.ids
    assert heard.file is not None
    assert (heard.file.data == data, heard.file.mime, heard.file.name) == (True, "image/jpeg", "after.jpg")


@pytest.mark.parametrize(
    "type,name,kind",
    [
        ("Audio", "voice.mp3", MessageKind.VOICE),
        ("Video", "roof.mp4", MessageKind.VIDEO),
        ("Attachment", "报价.pdf", MessageKind.FILE),
    ],
)
async def test_other_files_come_in(rig: WechatyRig, type: str, name: str, kind: MessageKind):
    content = {"name": name, "base64": base64.b64encode(b"content" * 9000).decode()}
    async with listening(rig) as sink:
        await rig.control.post("/messages", {"talkerId": IDS[ANN], "roomId": ROOM, "type": type, "file": content})
        [message] = await sink.wait(1)
        file = await rig.channel.fetch(message.media[0])
    assert (message.kind, message.text, message.media[0].name) == (kind, "", name)
    assert (file.name, file.data) == (name, b"content" * 9000)


async def test_a_file_that_the_service_only_names_by_address_is_fetched(rig: WechatyRig):
    async def served(request: web.Request) -> web.Response:
        return web.Response(body=photo(50), content_type="image/jpeg")

    async with served_at(served) as url, listening(rig) as sink:
        await rig.control.post(
            "/messages", {"talkerId": IDS[ANN], "roomId": ROOM, "image": {"name": "a.jpg", "url": f"{url}/a.jpg"}}
        )
        [message] = await sink.wait(1)
        file = await rig.channel.fetch(message.media[0])
    assert (file.data, file.mime) == (photo(50), "image/jpeg")


async def test_a_file_larger_than_configured_is_not_loaded_and_not_asked_for_again(puppet: PuppetProcess):
    async with wechaty_rig(puppet, largest_file_mb=1) as rig, listening(rig) as sink:
        await rig.says(Says(ANN, photo=photo_of(2 * MIB)))
        [message] = await sink.wait(1)
        with pytest.raises(ChannelError, match="larger than 1 MB") as caught:
            await rig.channel.fetch(message.media[0])
    assert not caught.value.retry


async def test_a_file_that_does_not_come_in_time_is_asked_for_again(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.says(Says(ANN, photo=photo(50)))
        [message] = await sink.wait(1)
        await rig.control.post("/faults", {"method": "messageImage", "mode": "delay", "ms": 8000})
        with pytest.raises(ChannelError, match="no answer in time") as caught:
            await rig.channel.fetch(message.media[0])
        assert caught.value.retry
        assert (await rig.channel.fetch(message.media[0])).data == photo(50)


async def test_a_photo_that_failed_is_sent_by_the_next_try_without_the_words_again(rig: WechatyRig):
    files = [File("a.jpg", "image/jpeg", photo(60)), File("b.jpg", "image/jpeg", photo(61))]
    message = to_group(rig, "修好了", *files)
    async with listening(rig):
        await rig.control.post("/faults", {"method": "messageSendFile", "mode": "fail", "code": UNKNOWN})
        with pytest.raises(ChannelError) as caught:
            await rig.channel.send(message)
        assert not isinstance(caught.value, UnknownOutcome)
        receipt = await rig.channel.send(message)
        heard = await rig.heard(3)
    assert [entry.text for entry in heard] == ["修好了", "", ""]
    assert [file.data for entry in heard for file in entry.files] == [file.data for file in files]
    assert receipt.remote_ids == tuple(entry.id for entry in heard)


async def test_a_failed_upload_says_nothing_at_all(rig: WechatyRig):
    async with listening(rig):
        await rig.control.post("/faults", {"method": "upload", "mode": "fail", "code": INTERNAL})
        with pytest.raises(ChannelError, match="not sent") as caught:
            await rig.channel.send(to_group(rig, "修好了", File("a.jpg", "image/jpeg", photo_of(3 * MIB))))
        assert not isinstance(caught.value, UnknownOutcome)
        assert await rig.heard(0) == []


# -- sent, not sent, unknown -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault,sent",
    [
        ({"mode": "fail-after", "code": INTERNAL}, True),
        ({"mode": "fail-after", "code": UNAVAILABLE}, True),
        ({"mode": "cut-after"}, True),
        ({"mode": "delay", "ms": 6000}, False),  # not yet, when we give up: it is sent later
    ],
)
async def test_an_outcome_that_nobody_told_is_unknown(rig: WechatyRig, fault: dict, sent: bool):
    async with listening(rig):
        await rig.control.post("/faults", {"method": "messageSendText", **fault})
        with pytest.raises(UnknownOutcome):
            await rig.channel.send(to_group(rig, "#12 已登记"))
        assert len(await rig.heard(0)) == sent


@pytest.mark.parametrize(
    "code,again",
    [
        (2, True),  # UNKNOWN: what the puppet threw
        (3, False),  # INVALID_ARGUMENT
        (5, False),  # NOT_FOUND
        (8, True),  # RESOURCE_EXHAUSTED
        (9, True),  # FAILED_PRECONDITION
        (12, False),  # UNIMPLEMENTED
        (16, True),  # UNAUTHENTICATED: somebody changes the token, nothing queued is dropped for it
    ],
)
async def test_a_refusal_says_whether_to_try_again(rig: WechatyRig, code: int, again: bool):
    async with listening(rig):
        fault = {"method": "messageSendText", "mode": "fail", "code": code, "message": f"no: {TOKEN}\nat stack.js:1"}
        await rig.control.post("/faults", fault)
        with pytest.raises(ChannelError) as caught:
            await rig.channel.send(to_group(rig, "一"))
        assert not isinstance(caught.value, UnknownOutcome)
        assert caught.value.retry is again
        assert re.fullmatch(r"refused: [a-z ]+: no: …", str(caught.value))
        assert await rig.heard(0) == []


async def test_a_mention_goes_out_as_the_apps_write_it(rig: WechatyRig):
    people = [Mention(Person("wechaty", IDS[name]), name) for name in (ANN, BEN)]
    async with listening(rig):
        await rig.channel.send(to_group(rig, f"@{ANN} @{BEN} #12 已登记", mentions=people))
        [heard] = await rig.heard(1)
    assert heard.text == f"@{ANN}\u2005@{BEN}\u2005#12 已登记"
    assert heard.mentions == (IDS[ANN], IDS[BEN])


# -- names -------------------------------------------------------------------------------------------------------


async def test_the_name_in_the_room_counts_there_and_changes_are_seen(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/rooms", {"id": ROOM, "aliases": {IDS[ANN]: "2-1801 安"}})
        await rig.says(Says(ANN, "一"))
        await rig.says(Says(ANN, "二", private=True))
        await sink.wait(2)
        await rig.control.post("/rooms", {"id": ROOM, "aliases": {IDS[ANN]: "2-1801 安安"}})
        await rig.says(Says(ANN, "三"))
        heard = await sink.wait(3)
    assert [message.sender_name for message in heard] == ["2-1801 安", ANN, "2-1801 安安"]


async def test_an_at_of_the_bots_name_in_the_room_is_an_at_of_the_bot(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/rooms", {"id": ROOM, "aliases": {IDS[BOT_NAME]: "报修找我"}})
        for text in ("@报修找我\u2005进度", f"@{BOT_NAME} 进度", "@报修找我们 进度"):
            await rig.says(Says(ANN, text))
        heard = await sink.wait(3)
    assert [(message.mentions_bot, message.text) for message in heard] == [
        (True, "进度"),
        (True, "进度"),
        (False, "@报修找我们 进度"),
    ]


async def test_a_cold_burst_asks_for_each_name_once(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/burst", {"count": 200, "talkerId": IDS[ANN], "roomId": ROOM})
        await sink.wait(200)
        assert await rig.control.calls("messagePayload") == 200
        assert await rig.control.calls("roomMemberPayload") == 1


@pytest.mark.parametrize("fault", [{"mode": "fail"}, {"mode": "delay", "ms": 5000}])
async def test_no_message_waits_for_a_name(puppet: PuppetProcess, fault: dict):
    async with wechaty_rig(puppet, name_seconds=0.2) as rig, listening(rig) as sink:
        faults = [{"method": method, "times": 9, **fault} for method in ("roomMemberPayload", "contactPayload")]
        await rig.control.post("/faults", faults)
        await rig.says(Says(ANN, "漏水了"))
        [message] = await sink.wait(1)
    assert (message.text, message.sender_name, message.sender.id) == ("漏水了", "", IDS[ANN])


async def test_a_group_that_the_account_is_not_in_is_named_in_the_log(rig: WechatyRig):
    with capture_logs() as logs:
        async with listening(rig):
            await rig.control.post("/event", {"name": "ready", "payload": {"data": "ready"}})
            await rig.control.until_called("roomList", 1)
            assert [entry for entry in logs if entry["event"] == "wechaty.group_not_there"] == []
            await rig.control.post("/reset")
            await rig.control.post("/event", {"name": "ready", "payload": {"data": "ready"}})
            await until(lambda: any(e["event"] == "wechaty.group_not_there" for e in logs), "it is said")
    assert [entry["group"] for entry in logs if entry["event"] == "wechaty.group_not_there"] == [ROOM]


async def test_a_rooms_topic_can_be_set(rig: WechatyRig):
    async with listening(rig):
        await account_of(rig.channel).puppet.room_topic(ROOM, "3号楼邻里群（防汛）")
        [sent] = await rig.control.sent(1)
    assert (sent["kind"], sent["text"]) == ("room-topic", "3号楼邻里群（防汛）")


def account_of(channel: Channel):
    return vars(channel)["_account"]


# -- odd things --------------------------------------------------------------------------------------------------

STICKER = '<msg><emoji md5="1"/></msg>'


@pytest.mark.parametrize(
    "type,text,readable",
    [
        (16, "群公告：今晚有暴雨", "群公告：今晚有暴雨"),
        (99, "新类型", "新类型"),
        (10, "群公告", "群公告"),
        (0, "未知", "未知"),
        (16, STICKER, ""),
        ("Emoticon", STICKER, ""),
        ("Url", "<?xml version='1.0'?><msg/>", ""),
        ("Location", "116.4,39.9", ""),
        ("Text", "", ""),
        ("Text", "水" * 300_000, "水" * 300_000),
        ("Text", "零\u200b宽\u0007😀", "零\u200b宽\u0007😀"),
        ("Text", "a < b, 漏水", "a < b, 漏水"),
    ],
)
async def test_every_type_of_message_is_survived(rig: WechatyRig, type: int | str, text: str, readable: str):
    async with listening(rig) as sink:
        await rig.control.post("/messages", {"talkerId": IDS[ANN], "roomId": ROOM, "type": type, "text": text})
        await rig.says(Says(BEN, "下一条"))
        heard = await sink.wait(2)
    assert [(message.kind, message.text) for message in heard] == [
        (MessageKind.TEXT, readable),
        (MessageKind.TEXT, "下一条"),
    ]


@pytest.mark.parametrize(
    "name,payload",
    [
        ("error", {}),
        ("error", {"data": "the phone is out of battery"}),
        ("error", {"gerror": "{}"}),
        ("heartbeat", {}),
        ("login", {}),
        ("dirty", {"payloadType": 1, "payloadId": "x"}),
        ("dirty", {"payloadType": 3}),
        ("dirty", {"payloadType": [2], "payloadId": ["x"]}),
        ("message", {}),
        ("message", {"messageId": 7}),
        ("room-join", {}),
        ("room-join", {"roomId": ROOM, "inviteeIdList": None}),
        ("room-join", {"roomId": 3, "inviteeIdList": [3]}),
        ("room-leave", {}),
        ("room-leave", {"roomId": ROOM, "removeeIdList": 5}),
        ("room-topic", {}),
        ("room-topic", {"roomId": ROOM, "newTopic": "新名字"}),
        ("room-invite", {}),
        ("friendship", {}),
        ("scan", {}),
        ("scan", {"qrcode": 5}),
        ("post", {"postId": "1"}),
        ("dong", {}),
        ("ready", {}),
        ("message", []),
        ("message", "not an object"),
        ("message", None),
    ],
)
async def test_odd_events_are_survived(rig: WechatyRig, name: str, payload: object):
    async with listening(rig) as sink:
        since = rig.channel.health().since
        await rig.control.post("/event", {"name": name, "payload": payload})
        await rig.says(Says(ANN, "还在"))
        [message] = await sink.wait(1)
        assert message.text == "还在"
        assert (rig.channel.health().link, rig.channel.health().since) == (Link.UP, since)
    assert sink.gaps == []


async def test_an_odd_logout_is_a_logout(rig: WechatyRig):
    async with listening(rig):
        await rig.control.post("/event", {"name": "logout", "payload": {}})
        await until(lambda: rig.channel.health().link is Link.LOGGED_OUT, "it is seen")
        assert rig.channel.health().link is Link.LOGGED_OUT
        await rig.control.post("/event", {"name": "login", "payload": {"contactId": IDS[BOT_NAME]}})
        await until(lambda: rig.channel.health().link is Link.UP, "it is over")


async def test_nobodys_message_is_left_out(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/messages", {"talkerId": "", "roomId": ROOM, "text": "安女士邀请老本加入了群聊"})
        last = await rig.says(Says(ANN, "欢迎"))
        heard = await sink.wait_for_id(last)
    assert [message.external_id for message in heard] == [last]


async def test_a_message_that_is_only_told_at_the_third_time_keeps_its_place(rig: WechatyRig):
    async with listening(rig) as sink:
        await rig.control.post("/faults", {"method": "messagePayload", "mode": "fail", "times": 2})
        said = [await rig.says(Says(ANN, f"{n}")) for n in range(5)]
        heard = await sink.wait(5)
    assert [message.external_id for message in heard] == said
    assert sink.gaps == []


async def test_a_message_that_the_service_never_tells_is_owned_up_to(rig: WechatyRig):
    async with listening(rig) as sink:
        with capture_logs() as logs:
            await rig.control.post("/event", {"name": "message", "payload": {"messageId": "gone"}})
            await rig.says(Says(ANN, "下一条"))
            await sink.wait_for_gap()
            heard = await sink.wait(1)
    assert [message.text for message in heard] == ["下一条"]
    assert [entry["message"] for entry in logs if entry["event"] == "wechaty.message_lost"] == ["gone"]


async def test_a_recall_that_says_what_in_markup_is_understood(rig: WechatyRig):
    markup = "<sysmsg type='revokemsg'><revokemsg><msgid>1</msgid><newmsgid>{}</newmsgid></revokemsg></sysmsg>"
    async with listening(rig) as sink:
        said = await rig.says(Says(ANN, "看错了"))
        recall = {"talkerId": IDS[ANN], "roomId": ROOM, "type": "Recalled", "text": markup.format(said)}
        await rig.control.post("/messages", [recall, {**recall, "text": STICKER}, {**recall, "text": ""}])
        last = await rig.says(Says(ANN, "好"))
        heard = await sink.wait_for_id(last)
    assert [(message.kind, message.recalls) for message in heard[1:]] == [
        (MessageKind.RECALL, said),
        (MessageKind.TEXT, None),
    ]


# -- many --------------------------------------------------------------------------------------------------------


async def test_a_burst_stays_in_order_and_in_bounds_while_the_inbox_is_slow(rig: WechatyRig):
    async with listening(rig) as sink:
        sink.pause()
        await rig.control.post("/burst", {"count": 5000, "talkerId": IDS[ANN], "roomId": ROOM, "text": "第{i}条"})
        waiting = account_of(rig.channel).announced
        await until(waiting.full, "what may wait does wait")
        assert waiting.qsize() == 2000
        assert await rig.control.calls("messagePayload") <= 64
        sink.resume()
        heard = await sink.wait(5000, 15)
    assert [message.text for message in heard] == [f"第{n}条" for n in range(5000)]
    assert max(sink.batches) <= 32


async def test_what_the_service_kept_for_later_is_the_same_message_again(rig: WechatyRig):
    """The text of a handle is stable, so that a restart can fetch what was announced before it."""
    async with listening(rig) as sink:
        said = await rig.says(Says(ANN, photo=photo(50)))
        await rig.repeats(said)
        one, two = await sink.wait(2)
        assert replace(one, at=two.at) == two
        with pytest.raises(ChannelError):
            await rig.channel.fetch(MediaHandle("image:no-such-message"))
