"""Values that storage tests are full of, short to write."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.messages import Chat, Incoming, Person, Receipt, Reply
from domain.records import Claim, Delivered, DeliveryState, Handled, Outcome
from domain.roster import Budget, Closing, Community, Group, QuietHours, ServiceTimes, Staff
from domain.tickets import BOT, Clocks, Reporter, Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import (
    BuildingId,
    GroupRole,
    Kind,
    ReplyKind,
    Role,
    Scope,
    StaffId,
    Status,
    TicketNumber,
    Urgency,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2021, 8, 23, 21, 58, 0, 123456, tzinfo=ZONE)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - timedelta(days=30)
CHAT = Chat("console", "g3")
OTHER_CHAT = Chat("console", "g5")
ANN = Person("console", "u-ann")
BEN = Person("console", "u-ben")
STEWARD = Person("console", "u-zhao")


LIMITS = {urgency: ServiceTimes(1, 10, 45, 120, 10) for urgency in Urgency}


def community(id: str = "gdl", limits: Mapping[Urgency, ServiceTimes] = {}) -> Community:
    """Without limits nothing is promised about a ticket, so that it is stored as it is."""
    return Community(
        id,
        "广达路社区",
        "Asia/Shanghai",
        buildings={},
        groups=(Group("console", "g3", "3号楼邻里群", BuildingId("3"), GroupRole.BUILDING),),
        staff={StaffId("zhao"): Staff(StaffId("zhao"), "赵强", Role.STEWARD, accounts={"console": STEWARD.id})},
        service_times=limits,
        closing=Closing(timedelta(hours=24), timedelta(hours=48), timedelta(days=3)),
        quiet_hours=QuietHours(time(23), time(7)),
        budget=Budget(6, timedelta(minutes=10)),
    )


def message(id: str, text: str = "好的", *, chat: Chat = CHAT, sender: Person = ANN, at: datetime = NOW) -> Incoming:
    return Incoming(chat.channel, id, chat, sender, at, sender_name="安", text=text)


def ticket(
    number: int, *, building: str | None = "3", reporters: tuple[Person, ...] = (ANN,), chat: Chat = CHAT
) -> Ticket:
    return Ticket(
        TicketNumber(number), Status.REGISTERED, Kind.LEAK, Scope.HOUSEHOLD, Urgency.URGENT,
        Location(building, "2", "502", 5), chat, "卧室漏水", Clocks(NOW), NOW, NOW,
        tuple(Reporter(p, "安", chat, f"m{number}", NOW) for p in reporters),
    )  # fmt: skip


def opened(number: int) -> TicketEvent:
    return TicketEvent(TicketNumber(number), NOW, What.OPENED, BOT, "console:g3:m1", {"words": "漏水"})


def reply(template: str = "news", *, chat: Chat = CHAT, **more) -> Reply:
    return Reply(chat, template, **more)


def ack(number: int, chat: Chat = CHAT) -> Reply:
    return Reply(chat, "acknowledged", {"number": number}, kind=ReplyKind.ACK, tickets=(TicketNumber(number),))


def sent(
    claim: Claim, *rows: int, at: datetime = NOW, next_at: datetime | None = None, ids: tuple[str, ...] = ()
) -> Delivered:
    return Delivered(
        claim, DeliveryState.SENT, rows or _all(claim), next_at or at, Receipt(ids or (f"r{claim.token}",), at)
    )


def ended(claim: Claim, state: DeliveryState, next_at: datetime, *rows: int) -> Delivered:
    return Delivered(claim, state, rows or _all(claim), next_at, error="the network said no")


def _all(claim: Claim) -> tuple[int, ...]:
    return tuple(row.id for row in claim.rows)


async def handle_all(database, now: datetime = NOW, outcome: Outcome = Outcome.SILENT) -> None:
    async with database.store.begin(now) as work:
        for row in await work.inbox.waiting(1000):
            await work.inbox.finish(Handled(row, outcome), now)


async def put(database, *replies: Reply, now: datetime = NOW) -> None:
    async with database.store.begin(now) as work:
        await work.outbox.put(replies, now)


async def claim(database, now: datetime = NOW, limit: int = 50, lease: timedelta = MINUTE) -> list[Claim]:
    return list(await database.deliveries.claim("console", now, lease, limit))


def said_by(claims: list[Claim]) -> list[tuple[str, list[str]]]:
    """Each claim as its chat and the templates of its rows."""
    return [(c.chat.id, [row.reply.template for row in c.rows]) for c in claims]
