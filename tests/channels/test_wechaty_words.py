"""The parts of the wechaty channel that need neither wechaty nor a server: words, names, settings, the start."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from bot.channels.wechaty import WechatySettings, connect
from bot.channels.wechaty.compat import prepare
from bot.channels.wechaty.names import Names
from bot.channels.wechaty.text import mentions, moment, split_quote, with_mention_marks, without_mentions
from domain.errors import ConfigError
from tests.channels.console_rig import SystemClock, community

NOW = datetime(2021, 8, 23, 22, 0, tzinfo=UTC)
BOT = ("楼群小助手", "小助手")


@pytest.mark.parametrize(
    "text,listed,meant,rest",
    [
        ("@楼群小助手\u2005进度 #12", False, True, "进度 #12"),
        ("@楼群小助手 进度", False, True, "进度"),
        ("  @楼群小助手\n进度", False, True, "进度"),
        ("@楼群小助手", False, True, ""),
        ("@小助手\u2005修好了", False, True, "修好了"),
        ("#12 @楼群小助手\u2005怎么样了", False, True, "#12 怎么样了"),
        ("请问 @楼群小助手 在吗", False, False, None),  # by hand, in the middle: no app writes a mention like that
        ("请问 @楼群小助手 在吗", True, True, "请问 在吗"),
        ("@楼群小助手们 好", False, False, None),
        ("楼群小助手说今天修", False, False, None),
        ("@所有人\u2005今晚有雨", True, False, None),
        ("@all 今晚有雨", True, False, None),
        ("@所有人\u2005@楼群小助手\u2005进度", True, True, "@所有人 进度"),
        ("进度", True, True, "进度"),
    ],
)
def test_whether_the_bot_is_meant(text: str, listed: bool, meant: bool, rest: str | None):
    assert mentions(text, BOT, listed=listed) is meant
    if rest is not None:
        assert without_mentions(text, BOT) == rest


@pytest.mark.parametrize(
    "text,words,quoted",
    [
        ("「安女士：我家也漏」\n- - - - - - - - - - - - - - -\n几楼?", "几楼?", "我家也漏"),
        ("「安女士:我家\n也漏」\n- - - - - -\n@楼群小助手\u2005看看\n快", "@楼群小助手\u2005看看\n快", "我家\n也漏"),
        ("「安女士：[图片]」\n——————\n这里", "这里", "[图片]"),
        ("「安女士」说漏水", "「安女士」说漏水", None),
        ("「安女士：漏水」几楼", "「安女士：漏水」几楼", None),
        ("", "", None),
    ],
)
def test_a_quote_is_taken_off_the_words(text: str, words: str, quoted: str | None):
    assert split_quote(text) == (words, quoted)


@pytest.mark.parametrize(
    "text,names,marked",
    [
        ("@安女士 已登记", ["安女士"], "@安女士\u2005已登记"),
        ("已登记 @安女士", ["安女士"], "已登记 @安女士\u2005"),
        ("@安女士们 @安女士 好", ["安女士"], "@安女士们 @安女士\u2005好"),
        ("@A+ (1) 好", ["A+ (1)"], "@A+ (1)\u2005好"),
        (r"@a\1 好", [r"a\1"], "@a\\1\u2005好"),
        ("@安女士，已登记", ["安女士"], "@安女士\u2005，已登记"),
        ("@安 3-502 @安 好", ["安", "安 3-502"], "@安 3-502\u2005@安\u2005好"),
        ("@ 好", [""], "@ 好"),
        ("好", [], "好"),
    ],
)
def test_mentions_are_marked_as_the_apps_do(text: str, names: list[str], marked: str):
    assert with_mention_marks(text, names) == marked


@pytest.mark.parametrize(
    "timestamp,at",
    [
        (1629727200, datetime(2021, 8, 23, 14, 0, tzinfo=UTC)),
        (1629727200_500, datetime(2021, 8, 23, 14, 0, 0, 500_000, tzinfo=UTC)),
        (0, NOW),
        (-5, NOW),
        (1e30, NOW),
        (float("nan"), NOW),
    ],
)
def test_times_in_seconds_milliseconds_and_nonsense(timestamp: float, at: datetime):
    assert moment(timestamp, NOW) == at


class Service:
    """A network that tells names, when it is let."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.name = "安"
        self.open = asyncio.Event()
        self.open.set()
        self.error: Exception | None = None

    async def fetch(self, contact: str, room: str) -> str:
        self.asked.append((contact, room))
        name = self.name
        await self.open.wait()
        if self.error:
            raise self.error
        return name


async def test_a_name_is_asked_for_once_however_many_wait():
    service = Service()
    names = Names(service.fetch)
    service.open.clear()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(names.name("ann", "r")) for _ in range(50)]
        await asyncio.sleep(0)
        service.open.set()
    assert {task.result() for task in tasks} == {"安"}
    assert service.asked == [("ann", "r")]


@pytest.mark.parametrize("forget", ["person", "room", "all"])
async def test_a_change_is_seen_even_while_the_old_name_is_on_its_way(forget: str):
    service = Service()
    names = Names(service.fetch)
    service.open.clear()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(names.name("ann", "r"))
        await asyncio.sleep(0)
        service.name = "安安"
        match forget:
            case "person":
                names.forget_person("ann")
            case "room":
                names.forget_room("r")
            case _:
                names.forget_all()
        second = group.create_task(names.name("ann", "r"))
        await asyncio.sleep(0)
        service.open.set()
    assert (first.result(), second.result()) == ("安", "安安")
    assert await names.name("ann", "r") == "安安"
    assert len(service.asked) == 2


async def test_an_error_is_told_to_all_who_wait_and_not_remembered():
    service = Service()
    service.error = ConnectionError("away")
    names = Names(service.fetch)
    for _ in range(2):
        with pytest.raises(ConnectionError, match="away"):
            await names.name("ann")
    service.error = None
    assert await names.name("ann") == "安"


async def test_who_gives_up_waiting_does_not_take_the_name_from_the_others():
    service = Service()
    names = Names(service.fetch)
    service.open.clear()
    async with asyncio.TaskGroup() as group:
        impatient = group.create_task(names.name("ann"))
        await asyncio.sleep(0)
        patient = group.create_task(_name_or_error(names))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.sleep(0)
        service.open.set()
    assert patient.result() in {"安", "given up"}
    assert await names.name("ann") == "安"


async def _name_or_error(names: Names) -> str:
    try:
        return await names.name("ann")
    except ConnectionError as error:
        return str(error)


async def test_only_so_many_people_are_remembered():
    service = Service()
    names = Names(service.fetch, kept=3)
    for person in "abcda":
        await names.name(person)
    assert [contact for contact, _ in service.asked] == ["a", "b", "c", "d", "a"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "127.0.0.1"},
        {"endpoint": "http://127.0.0.1:8788"},
        {"endpoint": "127.0.0.1:99999"},
        {"endpoint": "user@host:1"},
        {"endpoint": "h:1", "call_seconds": 0},
        {"endpoint": "h:1", "token_env": "NOT A NAME"},
        {"endpoint": "h:1", "token": "secret"},
        {"endpoint": "h:1", "pace": {"per_minute": 1000}},
        {},
    ],
)
def test_wrong_settings_are_refused(wrong: dict):
    with pytest.raises(ValidationError):
        WechatySettings.model_validate(wrong)


def test_the_pace_is_a_persons():
    pace = WechatySettings(endpoint="[::1]:8788").pace.pace()
    assert pace.same_chat_seconds >= 1
    assert pace.any_chat_seconds >= 3
    assert pace.per_minute is not None
    assert pace.per_minute <= 40
    assert pace.jitter > 0


@pytest.mark.parametrize("token", ["", "   ", "鑰匙", "two words", "line\nbreak"])
def test_a_missing_or_unusable_token_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, token: str):
    monkeypatch.setenv("OUR_TOKEN", token)
    with pytest.raises(ConfigError, match="OUR_TOKEN") as caught:
        connect(WechatySettings(endpoint="h:1", token_env="OUR_TOKEN"), community(), SystemClock())
    assert not token.strip() or token not in str(caught.value)


def test_a_missing_package_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "wechaty_puppet", None)
    with pytest.raises(ConfigError, match=r"'wechaty_puppet' is not installed.*louqun\[wechaty\]"):
        prepare()


def test_a_python_without_telnetlib_is_refused_in_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    with pytest.raises(ConfigError, match=r"3\.11 or 3\.12, this is 3\.13"):
        prepare()


def test_the_settings_can_be_read_without_wechaty():
    heavy = "{'wechaty', 'wechaty_puppet', 'wechaty_puppet_service', 'wechaty_grpc', 'grpclib'}"
    code = f"import sys, bot.channels.wechaty.settings, bot.channels.wechaty; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
