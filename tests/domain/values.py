"""Values for the tests of the ground floor: one small community, tickets and messages in it."""

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

from domain.handling import HEADS, OFFICE, WORKERS, Arguments, Command, Context, Needs
from domain.messages import Chat, Incoming, Person, Reply
from domain.roster import Budget, Building, Closing, Community, Group, QuietHours, Staff
from domain.tickets import Clocks, Reporter, Ticket
from domain.understanding import Location
from domain.vocabulary import (
    BuildingId,
    GroupRole,
    Kind,
    Place,
    Role,
    Scope,
    StaffId,
    Status,
    TicketNumber,
    Urgency,
)

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2021, 8, 23, 21, 58, tzinfo=ZONE)
GROUP = Chat("console", "g3")
STAFF_GROUP = Chat("console", "gstaff")
RESIDENT = Person("console", "u1")
QUIET = QuietHours(time(23, 0), time(7, 0))
BUDGET = Budget(6, timedelta(minutes=10))


def _building(id: str, units: tuple[str, ...], floors: int, rooms: int) -> Building:
    name = f"{id}座" if id.isalpha() else f"{id}号楼"
    return Building(BuildingId(id), name, units, floors, rooms)


def _staff(id: str, name: str, role: Role, *buildings: str) -> Staff:
    return Staff(StaffId(id), name, role, tuple(BuildingId(b) for b in buildings), "13900000001")


BUILDINGS = (
    _building("3", ("1", "2", "3"), 18, 4),
    _building("8", ("东", "西"), 9, 2),
    _building("9", ("1",), 3, 1),
    _building("B", ("1",), 24, 8),
)
STAFF = (
    _staff("sw-limin", "李敏", Role.SOCIAL_WORKER, "3"),
    _staff("sw-zhaolei", "赵蕾", Role.SOCIAL_WORKER, "8", "B"),
    _staff("st-sunjie", "孙洁", Role.STEWARD, "3"),
    _staff("rp-wang", "王建国", Role.REPAIRER),
)
COMMUNITY = Community(
    id="gdl",
    name="广达路社区",
    timezone="Asia/Shanghai",
    buildings={b.id: b for b in BUILDINGS},
    groups=(
        Group("console", "g3", "3号楼邻里群", BuildingId("3"), GroupRole.BUILDING),
        Group("console", "gstaff", "防汛工作群", None, GroupRole.STAFF),
        Group("wechaty", "wstaff", "防汛工作群", None, GroupRole.STAFF),
    ),
    staff={s.id: s for s in STAFF},
    service_times={},
    closing=Closing(timedelta(hours=24), timedelta(hours=48), timedelta(days=3)),
    quiet_hours=QUIET,
    budget=BUDGET,
    duty_phone="010-80001234",
)
REPORTER = Reporter(RESIDENT, "李秀英", GROUP, "e1", NOW)
HOME = Location("3", "2", "502", 5, Place.BEDROOM)
TICKET = Ticket(
    number=TicketNumber(12),
    status=Status.REGISTERED,
    kind=Kind.LEAK,
    scope=Scope.HOUSEHOLD,
    urgency=Urgency.NORMAL,
    location=HOME,
    chat=GROUP,
    words="502卧室漏水",
    clocks=Clocks(NOW, acknowledged=NOW),
    since=NOW,
    updated=NOW,
    reporters=(REPORTER,),
)
PUBLIC_TICKET = replace(
    TICKET, kind=Kind.PONDING, scope=Scope.PUBLIC, location=Location("3", "2", place=Place.UNIT_DOOR), words="门口积水"
)


async def _nothing(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    return []


def _command(*words: str, **given) -> Command:
    return Command(words, words[0], words[0], _nothing, **given)


COMMANDS = (
    _command("帮助", "help"),
    _command("待办", roles=WORKERS),
    _command("进度", "进展如何", needs=Needs.MAYBE),
    _command("没修好", needs=Needs.SOME),
    _command("修好了", "满意", needs=Needs.SOME),
    _command("不满意", needs=Needs.SOME),
    _command("看错了", needs=Needs.SOME),
    _command("接单", roles=WORKERS, needs=Needs.SOME),
    _command("派单", roles=OFFICE, needs=Needs.SOME, wants_text=True),
    _command("到场", "已到场", roles=WORKERS, needs=Needs.SOME),
    _command("进展", roles=WORKERS, needs=Needs.SOME),
    _command("完成", "已完成", roles=WORKERS, needs=Needs.SOME),
    _command("待续", roles=WORKERS, needs=Needs.SOME),
    _command("误报", roles=WORKERS, needs=Needs.SOME),
    _command("改", "更正", roles=WORKERS, needs=Needs.ONE, wants_text=True),
    _command("合并", roles=OFFICE, needs=Needs.TWO),
    _command("绑定", roles=HEADS, wants_text=True),
    _command("我是", wants_text=True),
)
"""The commands as the handlers declare them: what matters to reading is their words, roles and needs."""
