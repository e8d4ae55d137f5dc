"""A dialogue through the whole bot, in memory: which tickets there are at the end, which messages were answered."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from bot.config import Config
from bot.replay import on_stage
from bot.summary import summary_of
from bot.transcript import Happening
from documents.pictures import jpeg
from domain.messages import Json
from domain.ports import Understanding
from domain.vocabulary import MessageKind, ReplyKind, Status
from understanding.dialogues import Dialogue, Found, Line, Outcome, compare, status_name
from understanding.examples import Label

GROUP, STAFF_GROUP = "building", "staff"
AFTERWARDS = timedelta(minutes=2)
"""So that a merged acknowledgement, which may take a minute, counts as an answer."""
_KINDS = {
    "image": MessageKind.IMAGE, "video": MessageKind.VIDEO, "voice": MessageKind.VOICE, "file": MessageKind.FILE,
    "recall": MessageKind.RECALL,
}  # fmt: skip
_ANSWERS = frozenset({ReplyKind.ACK, ReplyKind.QUESTION, ReplyKind.STATUS})
_MONTH = 30 * 24 * 60
_TIMES = {
    "acknowledge_minutes": 1, "accept_minutes": 30, "arrive_minutes": _MONTH, "update_minutes": _MONTH,
    "escalate_every_minutes": 30,
}  # fmt: skip
"""What was taken on stays so: who labelled the dialogues knew of no limits after which it lapses."""


@dataclass(frozen=True, slots=True)
class Played:
    dialogue: Dialogue
    outcomes: tuple[Outcome, ...]


async def play_all(dialogues: Sequence[Dialogue], understanding: Understanding) -> AsyncIterator[Played]:
    with tempfile.TemporaryDirectory(prefix="louqun-evaluate-") as folder:
        photo = Path(folder) / "photo.jpg"
        photo.write_bytes(jpeg(Image.new("RGB", (64, 48), "grey")))
        for dialogue in dialogues:
            yield await play(dialogue, understanding, photo)


async def play(dialogue: Dialogue, understanding: Understanding, photo: Path) -> Played:
    """photo: what stands for every picture that was sent."""
    config = community_around(dialogue)
    happenings = _happenings(dialogue, photo, ZoneInfo(config.community.timezone))
    if not happenings:
        return Played(dialogue, tuple(compare(dialogue, [], ())))
    async with on_stage(config, happenings[0].at, understanding=understanding) as player:
        await player.play(happenings)
        await player.pass_time(happenings[-1].at + AFTERWARDS)
        tickets = (await summary_of(player.app.machine.read_models))["tickets"]
        assert isinstance(tickets, list)
        found = [_found(ticket, dialogue.building) for ticket in tickets if isinstance(ticket, dict)]
        answered = _answered(dialogue, happenings, player.stage.lines)
        return Played(dialogue, tuple(compare(dialogue, found, answered)))


def community_around(dialogue: Dialogue) -> Config:
    """A large community with the dialogue's group and staff: its buildings have room for any address."""
    named = {ticket.fields.get("building") for ticket in dialogue.tickets} - {None}
    buildings = dict.fromkeys([dialogue.building, *sorted(map(str, named)), *map(str, range(1, 31))])
    units = [*map(str, range(1, 10)), *"东西南北中甲乙丙丁ABCDEF"]
    staff = dict.fromkeys(line.sender for line in dialogue.lines if line.staff)
    return Config.model_validate(
        {
            "community": {"id": "evaluate", "name": "测评社区", "timezone": "Asia/Shanghai"},
            "buildings": [
                {"id": id, "name": f"{id}号楼", "units": units, "floors": 60, "rooms_per_floor": 40} for id in buildings
            ],
            "groups": [
                {"id": GROUP, "name": "楼群", "building": dialogue.building, "role": "building"},
                {"id": STAFF_GROUP, "name": "工作群", "role": "staff"},
            ],
            "staff": [{"id": name, "name": name, "role": "steward"} for name in staff],
            "service_times": dict.fromkeys(("emergency", "urgent", "normal"), _TIMES),
            "closing": {"first_question_hours": 24, "second_question_hours": 48, "close_after_days": 3},
            "quiet_hours": {"from": "23:00", "to": "07:00"},
            "budgets": {"group_posts": 6, "per_minutes": 10},
            "channels": {"console": {}},
        }
    )


def _happenings(dialogue: Dialogue, photo: Path, zone: ZoneInfo) -> list[Happening]:
    """A dialogue may go on at ten the next morning without a date: time only goes forward."""
    happenings: list[Happening] = []
    for line in dialogue.lines:
        at = line.at.replace(tzinfo=zone)
        while happenings and at < happenings[-1].at:
            at += timedelta(days=1)
        happenings.append(_happening(line, at, photo))
    return happenings


def _happening(line: Line, at: datetime, photo: Path) -> Happening:
    kind = _KINDS.get(line.kind, MessageKind.TEXT)
    ref = _id(line.ref) if line.ref is not None else None
    recalled = kind is MessageKind.RECALL
    file = photo if kind is MessageKind.IMAGE else None
    return Happening(
        _id(line.index), at, line.sender, GROUP, line.sender, line.text, kind, file,
        quote=None if recalled else ref, recalls=ref if recalled else None,
    )  # fmt: skip


def _id(index: int | str) -> str:
    return f"i{index}" if isinstance(index, int) else index


def _answered(dialogue: Dialogue, happenings: Sequence[Happening], said: Sequence[dict[str, Json]]) -> set[int]:
    """By what a post replies to; a merged one answers the last message of everybody it names."""
    indexes = {_id(line.index): line.index for line in dialogue.lines}
    answered = set()
    for post in said:
        if post["group"] != GROUP:
            continue
        reply_to = post["reply_to"]
        if isinstance(reply_to, str) and reply_to in indexes:
            answered.add(indexes[reply_to])
        mentions = post["mentions"] if post["kind"] in _ANSWERS else []
        for person in mentions if isinstance(mentions, list) else []:
            before = [h for h in happenings if h.sender == person and h.at <= datetime.fromisoformat(str(post["at"]))]
            if before and not any(h.id == reply_to for h in before):
                answered.add(indexes[before[-1].id])
    return answered


def _found(ticket: dict[str, Json], building: str) -> Found:
    status, reporters = Status(str(ticket["status"])), ticket["reporters"]
    fields: dict[str, Label] = {name: _label(ticket[name]) for name in ("kind", "scope", "urgency")}
    fields |= {name: _label(ticket[name]) for name in ("unit", "room", "floor", "place")}
    fields["building"] = None if ticket["building"] == building else _label(ticket["building"])
    fields["status"] = status_name(status)
    assert isinstance(reporters, list)
    gone = status in {Status.CANCELLED, Status.MERGED}
    number = ticket["number"]
    assert isinstance(number, int)
    return Found(number, frozenset(map(str, reporters)), fields, gone)


def _label(value: Json) -> Label:
    assert value is None or isinstance(value, str | int)
    return value
