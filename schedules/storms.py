"""While a storm is open: who did not answer is named, so are spots not walked; how things stand is shown if it changed.

Each is a row with its time, moved on in the commit that says it. Quiet hours hold back what residents are shown, and
nothing of what staff are told.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain import standby
from domain.announcements import all_staff_chats
from domain.drills import real
from domain.editions import LOOK_BACK
from domain.merging import standing_at
from domain.messages import Chat, Json, Mention, Person, Reply
from domain.ports import UnitOfWork
from domain.standby import Due, Signs, Watch
from domain.storm_picture import Scene, fingerprint, for_group, for_staff, paper
from domain.storms import Storm
from domain.vocabulary import GroupRole, Priority, ReplyKind
from schedules.job import Job, Tick

MOMENT = timedelta(seconds=1)
CARD_HOLDS = timedelta(minutes=30)
"""A card that could not go out for so long is out of date, and what warnings it names may be over."""


@dataclass(frozen=True, slots=True)
class _Now:
    tick: Tick
    work: UnitOfWork
    storm: Storm

    @property
    def staff_chats(self) -> tuple[Chat, ...]:
        return all_staff_chats(self.tick.community)

    def key(self, due: Due) -> str:
        return f"storm:{self.storm.id}:{due.what}:{due.due_at.isoformat() if due.due_at else ''}"


async def say(tick: Tick, work: UnitOfWork) -> Sequence[Reply]:
    replies: list[Reply] = []
    storm = None
    for due in await work.standby.dues():
        if due.due_at is None or due.due_at > tick.now:
            continue
        storm = storm or await work.storms.current()
        if storm is None or storm.id != due.storm:
            await work.standby.put(replace(due, due_at=None))
            continue
        then, said = await _SAY[due.what](_Now(tick, work, storm), due)
        await work.standby.put(then)
        replies += said
    return replies


async def _answers(now: _Now, due: Due) -> tuple[Due, list[Reply]]:
    """Names who is missing, then what is; three times at most."""
    tick, storm, work = now.tick, now.storm, now.work
    answers = await work.standby.answers(storm.id)
    signs = Signs(
        answers, await work.storms.checks(storm.opened_at), await work.storms.moves(), await work.roster.duty_words()
    )
    here = standby.there(storm, signs)
    people = [s for s in standby.expected(tick.community, storm) if s.id not in here]
    left = standby.not_ready(tick.community.preparation.steps(storm.level), answers)
    if not people and not left:
        return replace(due, due_at=None), []
    accounts: dict[str, Person | None] = {s.name: next(iter(await work.people.accounts(s.id)), None) for s in people}
    last = due.step + 1 >= standby.MOST_REMINDERS
    steps: list[Json] = [_step(now, n, step, standby.latest(answers).get(step)) for n, step in left]
    params: dict[str, Json] = {
        "minutes": int((tick.now - storm.opened_at).total_seconds() // 60), "missing": bool(people), "steps": steps,
        "unreached": [name for name, account in accounts.items() if account is None], "last": last and bool(people),
    }  # fmt: skip
    mentions = [Mention(account, name) for name, account in accounts.items() if account is not None]
    within = tick.community.preparation.answer_within or timedelta(0)
    then = replace(due, step=due.step + 1, due_at=None if last or not within else tick.now + within)
    return then, [
        Reply(
            chat, "answers_missing", params, ReplyKind.REMINDER, Priority.ANSWER,
            tuple(m for m in mentions if m.person.channel == chat.channel), dedupe_key=now.key(due),
        )
        for chat in now.staff_chats
    ]  # fmt: skip


def _step(now: _Now, number: int, step: str, said: standby.Answer | None) -> dict[str, Json]:
    who = now.tick.community.staff.get(said.staff) if said else None
    return {"n": number, "what": step, "words": said.words if said else "", "by": who.name if who else ""}


async def _patrol(now: _Now, due: Due) -> tuple[Due, list[Reply]]:
    """Spots that nobody looked at since the last round was due."""
    tick, prepared = now.tick, now.tick.community.preparation
    within = prepared.patrol_within(now.storm.level)
    if within is None:
        return replace(due, due_at=None), []
    checks = await now.work.storms.checks(now.storm.opened_at)
    spots = standby.unwalked(prepared.patrol, checks, tick.now - within)
    looks = standby.last_looks(checks)
    lines: list[Json] = []
    for spot in spots:
        look = looks.get(spot)
        who = tick.community.staff.get(look.by) if look else None
        lines.append({"name": spot, "at": look.at.isoformat() if look else None, "by": who.name if who else ""})
    every = int(within.total_seconds() // 60)
    params: dict[str, Json] = {"spots": lines, "every": every}
    replies = [
        Reply(chat, "patrol_due", params, ReplyKind.REMINDER, Priority.ANSWER, dedupe_key=now.key(due))
        for chat in now.staff_chats
        if spots
    ]
    return replace(due, due_at=tick.now + within, step=due.step + 1), replies


async def _picture(now: _Now, due: Due) -> tuple[Due, list[Reply]]:
    params = for_staff(await _scene(now))
    every = now.tick.community.preparation.picture_every
    then = None if every is None else now.tick.now + every
    shown = {chat.id: fingerprint(params) for chat in now.staff_chats}
    replies = [
        replace(_shown(now, due, chat, params), priority=Priority.PROGRESS)
        for chat in now.staff_chats
        if due.said.get(chat.id) != shown[chat.id]
    ]
    return replace(due, due_at=then, step=due.step + 1, said=dict[str, Json](shown)), replies


async def _card(now: _Now, due: Due) -> tuple[Due, list[Reply]]:
    """To the groups of buildings where something was reported in this storm, if that changed since the last card."""
    scene, said, replies = await _scene(now), dict(due.said), list[Reply]()
    concerned = {ticket.location.building for ticket in scene.tickets}
    for group in now.tick.community.groups:
        if group.role is not GroupRole.BUILDING or group.building is None or group.building not in concerned:
            continue
        params = for_group(scene, group.building)
        if said.get(group.id) == (told := fingerprint(params)):
            continue
        said[group.id] = told
        card = _shown(now, due, Chat(group.channel, group.id), params)
        replies.append(replace(card, own_accord=True, may_wait=True, expires_at=now.tick.now + CARD_HOLDS))
    then = standby.next_of(now.tick.community.preparation.card_at, now.tick.now)
    return replace(due, due_at=then, step=due.step + 1, said=said), replies


def _shown(now: _Now, due: Due, chat: Chat, params: Mapping[str, Json]) -> Reply:
    return Reply(
        chat, "storm_picture", params, ReplyKind.DIGEST, Priority.BROADCAST, dedupe_key=now.key(due),
        documents=(paper(params),),
    )  # fmt: skip


async def _scene(now: _Now) -> Scene:
    work, storm, at = now.work, now.storm, now.tick.now
    tickets = real(now.tick.community, await work.tickets.reported(storm.opened_at, at + MOMENT))
    return Scene(
        now.tick.community, storm, at, tickets,
        standing_at(await work.storms.editions(at - LOOK_BACK), at), await work.storms.checks(storm.opened_at),
        await work.storms.moves(), await work.standby.answers(storm.id),
    )  # fmt: skip


_SAY: Mapping[Watch, Callable[[_Now, Due], Awaitable[tuple[Due, list[Reply]]]]] = {
    Watch.ANSWERS: _answers,
    Watch.PATROL: _patrol,
    Watch.PICTURE: _picture,
    Watch.CARD: _card,
}
job = Job("storms", timedelta(seconds=10), say=say, by_rows=True)
