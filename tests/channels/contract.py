"""What every channel has to do, whatever its network. One class of tests, run once for each channel.

To plug a channel in, write a rig (see ChannelRig) and subclass the contract in ``tests/channels/test_<channel>.py``::

    class TestConsole(ChannelContract):
        @pytest.fixture
        async def rig(self) -> AsyncIterator[ConsoleRig]:
            async with console_rig() as rig:
                yield rig

A rig plays the people and the network: it makes somebody say something, reads what the group saw of the bot, cuts the
link. It owns the cast (the Cast of this file) and one fresh channel, which is not running yet: the contract runs it.
What a network cannot do is named, with the reason, in the rig's ``cannot``: those tests are then skipped by name.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from domain.errors import ChannelError, UnknownOutcome
from domain.messages import Chat, File, MediaHandle, Mention, Outgoing, Person
from domain.ports import Link
from domain.vocabulary import MessageKind
from tests.channels.rig import ANN, BEN, BOT_NAME, ChannelRig, ListeningSink, Says, until


def photo(side: int = 300) -> bytes:
    """A JPEG that does not compress: about ``side`` squared bytes."""
    noise = Random(side).randbytes(side * side * 3)
    file = BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(file, "JPEG")
    return file.getvalue()


@asynccontextmanager
async def listening(rig: ChannelRig) -> AsyncIterator[ListeningSink]:
    """The channel runs and is up; it is cancelled on the way out."""
    sink = ListeningSink()
    try:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(rig.channel.run(sink))
            try:
                await until(lambda: running.done() or rig.channel.health().link is Link.UP, "the channel is up")
                yield sink
            finally:
                running.cancel()
    except BaseExceptionGroup as errors:  # the group wraps what the test itself raises: show that one plainly
        raise errors.exceptions[0] from None


def to_group(rig: ChannelRig, text: str = "", *files: File, mentions: Sequence[Mention] = ()) -> Outgoing:
    return Outgoing((1,), rig.group, text, files=files, mentions=tuple(mentions))


class ChannelContract:
    @pytest.fixture(autouse=True)
    def _skip_what_the_network_cannot_do(self, request: pytest.FixtureRequest, rig: ChannelRig) -> None:
        reason = rig.cannot.get(request.node.originalname)
        if reason:
            pytest.skip(reason)

    # -- in -----------------------------------------------------------------------------------------------------

    async def test_text_comes_in_with_all_that_is_known_of_it(self, rig: ChannelRig):
        before = datetime.now(UTC) - timedelta(seconds=2)
        async with listening(rig) as sink:
            external_id = await rig.says(Says(ANN, "3号楼2单元门口积水了"))
            [message] = await sink.wait(1)
        name = rig.channel.name
        assert (message.channel, message.external_id, message.chat) == (name, external_id, rig.group)
        assert (message.sender, message.sender_name) == (Person(name, rig.id_of(ANN)), ANN)
        assert (message.kind, message.text, message.media) == (MessageKind.TEXT, "3号楼2单元门口积水了", ())
        assert (message.mentions_bot, message.quote, message.recalls) == (False, None, None)
        assert before <= message.at <= datetime.now(UTC) + timedelta(seconds=2)

    async def test_a_private_message_is_of_the_chat_with_its_sender(self, rig: ChannelRig):
        async with listening(rig) as sink:
            await rig.says(Says(BEN, "在吗", private=True))
            [message] = await sink.wait(1)
        assert message.chat == Chat.with_person(Person(rig.channel.name, rig.id_of(BEN)))
        assert message.addressed

    async def test_the_order_of_200_messages_is_kept(self, rig: ChannelRig):
        async with listening(rig) as sink:
            said = [await rig.says(Says(ANN if n % 3 else BEN, f"第{n}条", private=n % 5 == 0)) for n in range(200)]
            heard = await sink.wait(200)
        assert [message.external_id for message in heard] == said
        assert [message.text for message in heard] == [f"第{n}条" for n in range(200)]

    async def test_a_photo_comes_in_and_can_be_fetched(self, rig: ChannelRig):
        data = photo()
        async with listening(rig) as sink:
            await rig.says(Says(ANN, photo=data))
            [message] = await sink.wait(1)
            assert message.kind is MessageKind.IMAGE
            [handle] = message.media
            file = await rig.channel.fetch(handle)
        assert file.data == data
        assert file.mime == "image/jpeg"

    async def test_fetching_what_is_not_there_is_a_channel_error(self, rig: ChannelRig):
        async with listening(rig):
            with pytest.raises(ChannelError):
                await rig.channel.fetch(MediaHandle("no-such-handle"))

    async def test_a_mention_of_the_bot_is_settled_and_taken_off_the_text(self, rig: ChannelRig):
        async with listening(rig) as sink:
            await rig.says(Says(ANN, "进度 #12", mentions_bot=True))
            [message] = await sink.wait(1)
        assert message.mentions_bot
        assert message.text == "进度 #12"

    async def test_who_only_talks_about_the_bot_does_not_address_it(self, rig: ChannelRig):
        async with listening(rig) as sink:
            await rig.says(Says(ANN, f"昨天{BOT_NAME}说今天修"))
            [message] = await sink.wait(1)
        assert not message.addressed
        assert message.text == f"昨天{BOT_NAME}说今天修"

    async def test_a_quote_names_its_message_by_id_or_by_its_words(self, rig: ChannelRig):
        async with listening(rig) as sink:
            quoted = await rig.says(Says(ANN, "我家也漏"))
            await rig.says(Says(BEN, "几楼?", quotes=quoted))
            [_, message] = await sink.wait(2)
        assert message.text == "几楼?"
        assert message.quote is not None
        assert message.quote.external_id in {quoted, None}
        assert message.quote.text == "我家也漏"

    async def test_a_recall_names_what_was_taken_back(self, rig: ChannelRig):
        async with listening(rig) as sink:
            external_id = await rig.says(Says(ANN, "看错了"))
            await rig.recalls(external_id)
            [_, recall] = await sink.wait(2)
        assert (recall.kind, recall.recalls, recall.chat) == (MessageKind.RECALL, external_id, rig.group)
        assert recall.external_id != external_id
        assert recall.sender.id == rig.id_of(ANN)

    async def test_the_bot_hears_that_it_was_brought_into_a_group(self, rig: ChannelRig):
        async with listening(rig) as sink:
            group = await rig.brings_bot_into_new_group()
            [message] = await sink.wait(1)
        assert (message.kind, message.chat) == (MessageKind.JOIN, group)

    async def test_a_new_name_is_seen(self, rig: ChannelRig):
        async with listening(rig) as sink:
            await rig.says(Says(ANN, "早"))
            await sink.wait(1)
            await rig.renames(ANN, "安安 3-502")
            await rig.says(Says(ANN, "早安"))
            [_, message] = await sink.wait(2)
        assert message.sender_name == "安安 3-502"
        assert message.sender.id == rig.id_of(ANN)

    async def test_a_message_that_the_network_delivers_twice_keeps_its_id(self, rig: ChannelRig):
        async with listening(rig) as sink:
            external_id = await rig.says(Says(ANN, "漏水"))
            await rig.repeats(external_id)
            last = await rig.says(Says(BEN, "收到"))
            heard = await sink.wait_for_id(last)
        ids = [message.external_id for message in heard]
        assert set(ids) == {external_id, last}
        assert len({message for message in heard if message.external_id == external_id}) == 1

    async def test_messages_are_handed_over_one_call_at_a_time(self, rig: ChannelRig):
        async with listening(rig) as sink:
            sink.pause()
            said = [await rig.says(Says(ANN, f"{n}")) for n in range(20)]
            await sink.wait_until_called()
            sink.resume()
            heard = await sink.wait(20)
        assert [message.external_id for message in heard] == said
        assert sink.most_at_once == 1

    async def test_a_sink_that_fails_ends_the_run_with_its_error(self, rig: ChannelRig):
        class Broken(RuntimeError):
            pass

        sink = ListeningSink(error=Broken())
        async with asyncio.TaskGroup() as group:
            running = group.create_task(_error_of(rig.channel.run(sink)))
            await until(lambda: running.done() or rig.channel.health().link is Link.UP, "the channel is up")
            await rig.says(Says(ANN, "漏水"))
            error = await asyncio.wait_for(running, 10)
        assert isinstance(error, Broken)

    # -- out ----------------------------------------------------------------------------------------------------

    async def test_text_goes_out_and_the_receipt_names_it(self, rig: ChannelRig):
        async with listening(rig):
            receipt = await rig.channel.send(to_group(rig, "#12 已登记"))
            [heard] = await rig.heard(1)
        assert (heard.chat, heard.text, heard.file) == (rig.group.id, "#12 已登记", None)
        assert receipt.remote_ids == (heard.id,)
        assert abs(receipt.at - datetime.now(UTC)) < timedelta(seconds=10)

    async def test_a_private_answer_goes_to_the_person(self, rig: ChannelRig):
        person = Person(rig.channel.name, rig.id_of(BEN))
        async with listening(rig):
            await rig.channel.send(Outgoing((1,), Chat.with_person(person), "已转告"))
            [heard] = await rig.heard(1)
        assert (heard.chat, heard.text) == (rig.id_of(BEN), "已转告")

    async def test_a_mention_goes_out(self, rig: ChannelRig):
        person = Person(rig.channel.name, rig.id_of(ANN))
        async with listening(rig):
            await rig.channel.send(to_group(rig, f"@{ANN} 已登记", mentions=[Mention(person, ANN)]))
            [heard] = await rig.heard(1)
        assert heard.mentions == (rig.id_of(ANN),)
        assert f"@{ANN}" in heard.text
        assert heard.text.endswith("已登记")

    async def test_text_and_photos_go_out_in_order(self, rig: ChannelRig):
        files = [File("before.jpg", "image/jpeg", photo(200)), File("after.jpg", "image/jpeg", photo(201))]
        async with listening(rig):
            receipt = await rig.channel.send(to_group(rig, "修好了", *files))
            heard = await rig.heard(1)
            while sum(len(entry.ids) for entry in heard) < len(receipt.remote_ids):
                heard = await rig.heard(len(heard) + 1)
        assert [entry.text for entry in heard if entry.text] == ["修好了"]
        assert [file.data for entry in heard for file in entry.files] == [file.data for file in files]
        assert receipt.remote_ids == tuple(remote_id for entry in heard for remote_id in entry.ids)

    async def test_the_bots_own_echo_is_not_heard(self, rig: ChannelRig):
        async with listening(rig) as sink:
            await rig.channel.send(to_group(rig, "#12 已登记"))
            await rig.heard(1)
            await rig.echoes()
            last = await rig.says(Says(ANN, "谢谢"))
            heard = await sink.wait_for_id(last)
        assert [message.external_id for message in heard] == [last]

    async def test_a_refused_send_is_a_channel_error_and_surely_not_sent(self, rig: ChannelRig):
        async with listening(rig):
            await rig.refuses_next_send()
            with pytest.raises(ChannelError) as caught:
                await rig.channel.send(to_group(rig, "一"))
            assert not isinstance(caught.value, UnknownOutcome)
            await rig.channel.send(to_group(rig, "二"))
            assert [entry.text for entry in await rig.heard(1)] == ["二"]

    async def test_an_unknown_chat_is_refused(self, rig: ChannelRig):
        async with listening(rig):
            with pytest.raises(ChannelError):
                await rig.channel.send(Outgoing((1,), Chat(rig.channel.name, "no-such-group"), "喂"))
            assert await rig.heard(0) == []

    async def test_a_lost_answer_is_an_unknown_outcome(self, rig: ChannelRig):
        async with listening(rig):
            await rig.loses_next_answer()
            with pytest.raises(UnknownOutcome):
                await rig.channel.send(to_group(rig, "一"))
            assert [entry.text for entry in await rig.heard(1)] == ["一"]

    # -- the link -----------------------------------------------------------------------------------------------

    async def test_it_comes_back_after_the_link_was_cut_and_owns_up_to_what_it_missed(self, rig: ChannelRig):
        async with listening(rig) as sink:
            first = await rig.says(Says(ANN, "一"))
            await sink.wait(1)
            await rig.cuts()
            await until(lambda: rig.channel.health().link is not Link.UP, "the cut is noticed")
            with pytest.raises(ChannelError) as caught:
                await rig.channel.send(to_group(rig, "听得到吗"))
            assert caught.value.retry
            missed = await rig.says(Says(ANN, "二"))
            missed_at = datetime.now(UTC)
            await rig.restores()
            await until(lambda: rig.channel.health().link is Link.UP, "the link is back")
            last = await rig.says(Says(ANN, "三"))
            heard = [message.external_id for message in await sink.wait_for_id(last)]
            await rig.channel.send(to_group(rig, "听得到"))
            assert (await rig.heard(1))[-1].text == "听得到"
        assert heard in ([first, missed, last], [first, last])
        assert missed in heard or any(since <= missed_at <= until for _, since, until in sink.gaps)

    async def test_health_tells_the_state_and_since_when(self, rig: ChannelRig):
        assert rig.channel.health().link is not Link.UP
        async with listening(rig):
            health = rig.channel.health()
            assert health.link is Link.UP
            assert abs(health.since - datetime.now(UTC)) < timedelta(seconds=30)

    async def test_cancelling_the_run_is_clean(self, rig: ChannelRig):
        tasks = asyncio.all_tasks()
        async with listening(rig):
            pass
        await until(lambda: asyncio.all_tasks() <= tasks, "no task is left behind")
        assert rig.channel.health().link is not Link.UP
        with pytest.raises(ChannelError):
            await rig.channel.send(to_group(rig, "太晚了"))

    async def test_no_secret_is_in_what_it_says_of_itself(self, rig: ChannelRig, caplog: pytest.LogCaptureFixture):
        caplog.set_level(0)
        async with listening(rig):
            await rig.channel.send(to_group(rig, "一"))
            await rig.refuses_next_send()
            with pytest.raises(ChannelError) as caught:
                await rig.channel.send(to_group(rig, "二"))
            said = [repr(rig.channel), rig.channel.health().detail, str(caught.value), caplog.text]
        assert_no_secret(rig.secrets, *said)


async def _error_of(running) -> BaseException | None:
    try:
        await running
    except Exception as error:  # noqa: BLE001  the test looks at whatever it was
        return error
    return None


def assert_no_secret(secrets: Sequence[str], *texts: str) -> None:
    """The one assertion for it: every channel's tests use it on errors, logs and health."""
    found = [(secret, text) for secret in secrets for text in texts if secret in text]
    assert found == []


def test_every_test_of_the_contract_is_a_coroutine():
    tests = [member for name, member in inspect.getmembers(ChannelContract) if name.startswith("test_")]
    assert tests
    assert all(inspect.iscoroutinefunction(test) for test in tests)
