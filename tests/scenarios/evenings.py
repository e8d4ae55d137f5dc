"""Written dialogues of data/, played through the whole bot, and compared with what a careful reader would have done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.replay import Player, on_stage
from bot.summary import summary_of
from bot.transcript import Happening
from domain.vocabulary import MessageKind
from tests.moments import CHINA

DATA = Path(__file__).parents[1] / "data"
FIELDS = ("kind", "scope", "building", "unit", "room", "floor", "place", "urgency", "status")
KINDS = {"image": MessageKind.IMAGE, "video": MessageKind.VIDEO, "voice": MessageKind.VOICE}
STATUS = {
    "registered": "open", "reopened": "reopened", "resolved": "resolved", "closed": "resolved",
    "cancelled": "cancelled",
}  # fmt: skip
GONE = frozenset({"cancelled", "merged"})
MINUTES = {"acknowledge_minutes": 1, "accept_minutes": 10, "arrive_minutes": 45, "update_minutes": 120}
LONG_AFTER = timedelta(minutes=2)
Line = Mapping[str, Any]


def dialogues(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / file).read_text(encoding="utf8").splitlines()]


def community(dialogue: Line) -> Config:
    """Twenty tall buildings, the dialogue's group, and its staff, who are bound to the roster by their ids."""
    staff = dict.fromkeys(m["sender"] for m in dialogue["messages"] if m["role"] == "staff")
    roster = [{"id": f"s-{name}", "name": name, "role": "steward"} for name in staff]
    times = {urgency: {**MINUTES, "escalate_every_minutes": 10} for urgency in ("emergency", "urgent", "normal")}
    return Config.model_validate(
        {
            "community": {"id": "demo", "name": "向阳社区", "timezone": "Asia/Shanghai"},
            "buildings": [
                {"id": str(n), "name": f"{n}号楼", "units": 4, "floors": 33, "rooms_per_floor": 20}
                for n in range(1, 21)
            ],
            "groups": [
                {"id": "g", "name": "邻里群", "building": dialogue["building"], "role": "building"},
                {"id": "gstaff", "name": "工作群", "role": "staff"},
            ],
            "staff": [{"id": "s-值班", "name": "值班社工", "role": "social_worker"}, *roster],
            "service_times": times,
            "closing": {"first_question_hours": 24, "second_question_hours": 48, "close_after_days": 3},
            "quiet_hours": {"from": "23:00", "to": "07:00"},
            "budgets": {"group_posts": 6, "per_minutes": 10},
            "channels": {"console": {}},
        }
    )


@dataclass
class Evening:
    """lines: what the bot said. said_at: how many lines there were before the message of that index was heard."""

    dialogue: Line
    tickets: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    said_at: dict[int, int]
    looked: list[int]

    def answers(self, index: int) -> list[str]:
        """What was said to the building's group, or to the sender, in answer to a message, and posts it brought."""
        return [str(line["text"]) for line in self._answering(index)]

    def _answering(self, index: int) -> Sequence[Line]:
        message = self.dialogue["messages"][index]
        first, after = self.said_at[index], self.said_at.get(index + 1, len(self.lines))
        replies = [line for line in self.lines if line["reply_to"] == str(index) and line["group"] != "gstaff"]
        posts = [line for line in self.lines[first:after] if line["group"] == "g" and line["reply_to"] is None]
        merged = [
            line
            for line in self.lines[first:]
            if line["group"] == "g" and f"r-{message['sender']}" in line["mentions"] and "@" in line["text"][1:]
        ]
        return replies or [p for p in posts if p["kind"] in {"progress", "closing"}] or merged

    def answered(self, index: int) -> bool:
        return bool(self._answering(index))


def person(message: Line) -> str:
    return f"{message['role'][0]}-{message['sender']}"


def happenings(dialogue: Line, folder: Path) -> list[Happening]:
    found: list[Happening] = []
    now: datetime | None = None
    for message in dialogue["messages"]:
        now = _later(now, datetime.fromisoformat(message["at"]).replace(tzinfo=CHINA))
        kind, ref = message["kind"], message.get("ref")
        voice = kind == "voice" and not message["text"]
        sent = folder / "sound.mp3" if kind == "voice" else folder / "photo.jpg" if kind in KINDS else None
        found.append(
            Happening(
                str(message["i"]), now, person(message), "g", message["sender"], message["text"],
                MessageKind.RECALL if kind == "recall" else KINDS.get(kind, MessageKind.TEXT),
                sent if voice or kind in {"image", "video"} else None,
                str(ref) if kind == "quote" and ref is not None else None,
                str(ref) if kind == "recall" else None,
            )
        )  # fmt: skip
    return found


def _later(now: datetime | None, at: datetime) -> datetime:
    """A transcript may go on at ten the next morning: time only goes forward."""
    while now is not None and at < now:
        at += timedelta(days=1)
    return at


async def play(dialogue: Line, folder: Path) -> Evening:
    script = happenings(dialogue, folder)
    async with on_stage(community(dialogue), script[0].at) as player:
        said_at = {}
        for happening in script:
            await player.pass_time(happening.at)
            said_at[int(happening.id)] = len(player.stage.lines)
            await player.play([happening])
        await player.pass_time(script[-1].at + LONG_AFTER)
        return await _evening(dialogue, player, said_at)


async def _evening(dialogue: Line, player: Player, said_at: dict[int, int]) -> Evening:
    summary: Any = await summary_of(player.app.machine.read_models)
    looked = [int(id) for id in summary["unanswered"]]
    lines: list[Any] = list(player.stage.lines)
    return Evening(dialogue, summary["tickets"], lines, said_at, looked)


# -- comparing with the gold -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """wrong: each missed outcome in words; outcomes: how many were looked at."""

    outcomes: int
    wrong: tuple[str, ...]


def compare(evening: Evening) -> Compared:
    gold, wrong, outcomes = evening.dialogue["gold"], [], 0
    left = {t["number"]: t for t in evening.tickets}
    for wanted in sorted(gold["tickets"], key=lambda t: bool(t.get("optional"))):
        found = _closest(wanted, left, evening)
        outcomes += 1
        if found is None:
            wrong += [] if wanted.get("optional") else [f"no ticket of {wanted['reporter']}"]
            continue
        left.pop(found["number"])
        outcomes += len(FIELDS) + 1
        wrong += _differences(wanted, found, evening)
    extra = [t for t in left.values() if t["status"] not in GONE]
    wrong += [f"extra ticket {_place(t)} of {t['reporters']}" for t in extra]
    silence = [i for group in gold["must_answer"] for i in [group] if not any(map(evening.answered, group))]
    spoken = [i for i in gold["must_not_answer"] if evening.answered(i)]
    wrong += [f"no answer to {group}" for group in silence]
    wrong += [f"answered {i}: {evening.answers(i)}" for i in spoken]
    return Compared(outcomes + 1 + len(gold["must_answer"]) + len(gold["must_not_answer"]), tuple(wrong))


def _place(ticket: Line) -> list[object]:
    return [ticket[name] for name in ("status", "unit", "room", "floor", "place", "kind")]


def _closest(wanted: Line, left: Mapping[int, Line], evening: Evening) -> Line | None:
    mine = [t for t in left.values() if f"r-{wanted['reporter']}" in t["reporters"] or not t["reporters"]]
    mine += [t for t in left.values() if f"s-{wanted['reporter']}" in t["reporters"]]
    mine = [t for t in mine if (t["status"] in GONE) <= ("cancelled" in _any(wanted, "status"))]
    return min(mine, key=lambda t: len(_differences(wanted, t, evening)), default=None)


def _differences(wanted: Line, ticket: Line, evening: Evening) -> list[str]:
    own = ticket["building"] == evening.dialogue["building"]
    got = {**ticket, "building": None if own else ticket["building"]}
    got["status"] = STATUS.get(ticket["status"], "in_progress")
    wrong = [f"{name} {got[name]} for {wanted.get(name)}" for name in FIELDS if got[name] not in _any(wanted, name)]
    if wanted.get("media", ticket["media"]) != ticket["media"]:
        wrong.append(f"media {ticket['media']} for {wanted['media']}")
    there = {id.partition("-")[2] for id in ticket["reporters"]}
    may = {wanted["reporter"], *wanted.get("co_reporters", ()), *wanted.get("may_join", ())}
    missing = set(wanted.get("co_reporters", ())) - there
    return wrong + [f"co-reporters {sorted(missing)} missing, {sorted(there - may)} too many"] * bool(
        missing or there - may
    )


def _any(wanted: Line, name: str) -> Sequence[object]:
    return [wanted.get(name), *wanted.get("also", {}).get(name, ())]
