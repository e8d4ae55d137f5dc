"""The messages that every benchmark is fed with: n of them over many groups, a given share of them reports.

Deterministic: the same arguments give the same messages. All lines are written for this file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random

from benchmarks.lines import (
    AREAS,
    CHATTER,
    ENDINGS,
    HOUSEHOLD_REPORTS,
    NEAR_MISSES,
    OPENINGS,
    PUBLIC_REPORTS,
    ROOMS,
    SURNAMES,
    SYMPTOMS,
)
from domain.messages import Chat, Incoming, Person

START = datetime(2021, 8, 23, 20, 0, tzinfo=timezone(timedelta(hours=8)))
CHANNEL = "bench"
GROUPS = 50
UNITS, FLOORS, ROOMS_PER_FLOOR = 3, 18, 4
NEAR_MISS_SHARE = 0.02  # of the messages that are no report
PUBLIC_SHARE = 0.25  # of the reports


@dataclass(frozen=True, slots=True)
class Resident:
    id: str
    name: str
    building: str
    unit: str
    room: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message and whether it was written as a report."""

    message: Incoming
    report: bool


def messages(count: int, share: float, *, groups: int = GROUPS, seed: int = 1) -> Sequence[Line]:
    """``count`` messages of which ``share`` (0 to 1) are reports, 50 ms apart, groups in random order.

    A home reports again only when every other home of its group has done so.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be between 0 and 1, got {share}")
    random = Random(seed)
    homes = {group: residents(group, random) for group in range(1, groups + 1)}
    reporting = {group: _in_turn(homes[group], random) for group in homes}
    reports = set(random.sample(range(count), round(count * share)))
    lines = []
    for position in range(count):
        group = random.randint(1, groups)
        is_report = position in reports
        speaker = next(reporting[group]) if is_report else random.choice(homes[group])
        text = report(speaker, random) if is_report else chatter(random)
        lines.append(Line(_message(position, group, speaker, text), report=is_report))
    return lines


def residents(group: int, random: Random) -> Sequence[Resident]:
    """One person for each home of the group's building, named as people are in such groups."""
    return [
        _resident(group, str(unit), f"{floor}{door:02d}", random)
        for unit in range(1, UNITS + 1)
        for floor in range(1, FLOORS + 1)
        for door in range(1, ROOMS_PER_FLOOR + 1)
    ]


def report(speaker: Resident, random: Random) -> str:
    if random.random() < PUBLIC_SHARE:
        return random.choice(PUBLIC_REPORTS).format(area=random.choice(AREAS).format(unit=speaker.unit))
    return random.choice(HOUSEHOLD_REPORTS).format(
        unit=speaker.unit, room=speaker.room, place=random.choice(ROOMS), symptom=random.choice(SYMPTOMS)
    )


def chatter(random: Random) -> str:
    core = random.choice(NEAR_MISSES if random.random() < NEAR_MISS_SHARE else CHATTER)
    return random.choice(OPENINGS) + core + random.choice(ENDINGS)


def _resident(group: int, unit: str, room: str, random: Random) -> Resident:
    surname = random.choice(SURNAMES)
    shapes = (f"{group}-{unit}-{room}{surname}", f"{unit}单元{room}", f"{surname}女士{room}", f"老{surname}")
    name = random.choice(shapes)
    return Resident(f"r{group}-{unit}-{room}", name, str(group), unit, room)


def _in_turn(homes: Sequence[Resident], random: Random) -> Iterator[Resident]:
    while True:
        yield from random.sample(homes, len(homes))


def _message(position: int, group: int, speaker: Resident, text: str) -> Incoming:
    return Incoming(
        channel=CHANNEL,
        external_id=f"b{position}",
        chat=Chat(CHANNEL, f"g{group}"),
        sender=Person(CHANNEL, speaker.id),
        sender_name=speaker.name,
        at=START + timedelta(milliseconds=50 * position),
        text=text,
    )
