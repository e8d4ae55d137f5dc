"""How likely it is that a ticket ends in a complaint: of the ticket, never of a person. Pure, with its reasons.

It makes somebody look sooner and says what to make good; nobody is ever kept from calling anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from domain.messages import Json
from domain.roster import Community, ServiceTimes, Staff
from domain.tickets import ENDED, TAKEN, UNTAKEN, Ticket, TicketEvent, What
from domain.vocabulary import Role, Status


class Risk(IntEnum):
    LOW = 0
    RAISED = 1
    HIGH = 2


class Tone(IntEnum):
    """What was heard in the words; the number is how much it weighs."""

    WANTS_HUMAN = 1
    ANGER = 2
    HOTLINE = 4


TONE_WORDS = {Tone.WANTS_HUMAN: "要找真人", Tone.ANGER: "有情绪", Tone.HOTLINE: "提到打热线或找媒体"}
_RAISED, _HIGH = 2, 4
_OVER = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED})
_TIMES_OVER = (1, 3, 8, 24)
_MOST_FOR_CHASES = 3
_MANY_REPORTERS = 3


@dataclass(frozen=True, slots=True)
class Assessed:
    """points: the sum of what was found; reasons: each in a few words for staff, the heaviest first."""

    level: Risk
    points: int = 0
    reasons: tuple[str, ...] = ()


def assess(ticket: Ticket, events: Sequence[TicketEvent], limits: ServiceTimes, now: datetime) -> Assessed:
    """Waiting against the limits, chases, tone, work that did not hold. What was done and confirmed has none."""
    if ticket.status in ENDED:
        return Assessed(Risk.LOW)
    history = [e for e in events if e.at <= now]
    found = [*_waiting(ticket, limits, now), *_chases(ticket, history), *_tones(history), *_unkept(ticket, history)]
    weighed = sorted((f for f in found if f[0]), key=lambda f: -f[0])
    points = sum(weight for weight, _ in weighed)
    level = Risk.HIGH if points >= _HIGH else Risk.RAISED if points >= _RAISED else Risk.LOW
    return Assessed(level, points, tuple(reason for _, reason in weighed))


def told(events: Sequence[TicketEvent]) -> Risk:
    """The level that staff heard of last, since the work was last said to be done."""
    for event in reversed(events):
        if event.what is What.MOVED and event.details.get("to") in _OVER:
            break
        level = event.details.get("level")
        if event.what is What.RISK and isinstance(level, int):
            return Risk(level)
    return Risk.LOW


def changed(assessed: Assessed, events: Sequence[TicketEvent]) -> bool:
    """Whether it has to be written down: it became high, of which staff are told, or is high no more."""
    return (assessed.level is Risk.HIGH) is not (told(events) is Risk.HIGH)


def alarmed(community: Community, ticket: Ticket) -> tuple[Staff, ...]:
    """Who hears of it: whoever has the ticket, the building's social workers and its secretary; else its stewards."""
    building = ticket.location.building
    worker = community.staff.get(ticket.assignee) if ticket.assignee else None
    people = [*([worker] if worker else []), *community.in_charge(building, Role.SOCIAL_WORKER)]
    people += community.in_charge(building, Role.SECRETARY)
    return tuple({p.id: p for p in people or community.in_charge(building, Role.STEWARD)}.values())


def _waiting(ticket: Ticket, limits: ServiceTimes, now: datetime) -> list[tuple[int, str]]:
    waited = int((now - ticket.clocks.begun).total_seconds() // 60)
    if ticket.status is Status.RESOLVED:
        return []
    if ticket.status in UNTAKEN:
        return [(_times_over(waited, limits.accept_minutes), f"{_span(waited)}没人接单")]
    if ticket.status is Status.ACCEPTED:
        late = 0 if ticket.next_at is not None and ticket.next_at > now else _times_over(waited, limits.arrive_minutes)
        return [(late, f"{_span(waited)}没人到场")]
    if ticket.status is Status.WAITING and ticket.next_at is not None:
        overdue = int((now - ticket.next_at).total_seconds() // 60)
        return [(1 if overdue > limits.arrive_minutes else 0, "说好的时间过了")]
    silent = int((now - max(ticket.since, ticket.told_at or ticket.since)).total_seconds() // 60)
    return [(min(2, _times_over(silent, limits.update_minutes)), f"{_span(silent)}没有新消息")]


def _times_over(waited: int, limit: int) -> int:
    """1 past the limit; then one more past 3, 8 and 24 times as long: half a day without anybody is enough alone."""
    return sum(waited > times * limit for times in _TIMES_OVER)


def _chases(ticket: Ticket, events: Sequence[TicketEvent]) -> list[tuple[int, str]]:
    """Since it was last opened; a chase by a neighbour weighs as much."""
    count = sum(e.what is What.CHASED and e.at >= ticket.clocks.begun for e in events)
    many = len(ticket.reporters)
    return [
        (min(count, _MOST_FOR_CHASES), f"催了{count}次"),
        (1 if many >= _MANY_REPORTERS and ticket.status not in TAKEN else 0, f"{many}户在等"),
    ]


def _tones(events: Sequence[TicketEvent]) -> list[tuple[int, str]]:
    """Each once, however often it was said: loudness is no second reason."""
    heard = {tone for e in events if e.what is What.ALERTED for tone in _heard(e.details.get("tones"))}
    return [(tone.value, TONE_WORDS[tone]) for tone in heard]


def _heard(tones: Json) -> list[Tone]:
    names = [name for name in tones if isinstance(name, str)] if isinstance(tones, list) else []
    return [Tone[name] for name in names if name in Tone.__members__]


def _unkept(ticket: Ticket, events: Sequence[TicketEvent]) -> list[tuple[int, str]]:
    again = sum(e.what is What.MOVED and e.details.get("to") == Status.REOPENED for e in events)
    unhappy = any(e.what is What.DISSATISFIED and e.at >= ticket.clocks.begun for e in events)
    lapsed = sum(e.what is What.MOVED and bool(e.details.get("lapsed")) for e in events)
    return [
        (2 * again, f"修过又坏了{again}次"),
        (2 if unhappy else 0, "不满意"),
        (1 if lapsed else 0, "接了单没人来"),
    ]


def _span(minutes: int) -> str:
    return (
        f"{minutes}分钟" if minutes < 120 else f"{minutes // 60}小时" if minutes < 48 * 60 else f"{minutes // 1440}天"
    )
