"""Who can be played in the web chat and which groups each of them is in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.channels.console.settings import ConsoleSettings, PersonSettings
from domain.chatroom import Member
from domain.messages import Chat
from domain.roster import Building, Community, Group, Staff
from domain.vocabulary import GroupRole, Role

CHANNEL = "console"
ROLE_NAMES: Mapping[Role, str] = {
    Role.SOCIAL_WORKER: "社工",
    Role.STEWARD: "物业管家",
    Role.REPAIRER: "维修",
    Role.SECRETARY: "书记",
    Role.ADMINISTRATOR: "管理员",
}
_TRIES: Mapping[Role, tuple[str, ...]] = {
    Role.SOCIAL_WORKER: ("待办", "接单 #1", "到场 #1", "进展 #1 树叶堵了雨水箅子，正在清", "完成 #1 水退了"),
    Role.STEWARD: ("待办", "接单 #1", "到场 #1", "完成 #1 已疏通"),
    Role.REPAIRER: ("接单 #1", "到场 #1", "进展 #1 水泵开了", "完成 #1 修好了"),
    Role.SECRETARY: ("待办", "应急响应 启动 四级", "统计", "复盘", "公示", "帮助"),
    Role.ADMINISTRATOR: ("帮助", "待办"),
}
_NAMES = ("张阿姨", "老周", "小陈", "王奶奶", "刘先生", "赵姐", "孙大爷", "小林")
_HOMES_A_BUILDING = 2
_RESIDENTS = 8


class Cast:
    """Configured people and groups. Groups are those of the console channel."""

    def __init__(self, community: Community, settings: ConsoleSettings) -> None:
        buildings = list(community.buildings.values())
        people = settings.people if settings.people is not None else made_up(buildings)
        residents = [_resident(person, community) for person in people]
        members = [*residents, *(_employee(staff) for staff in community.staff.values())]
        self.bot_name = settings.bot_name
        self.members: dict[str, Member] = {member.id: member for member in members}
        self._groups = {group.id: group for group in community.groups if group.channel == CHANNEL}

    def admit(self, staff: Staff, account: str) -> None:
        """Somebody who became staff at run time; a resident who did becomes a colleague."""
        member = replace(_employee(staff), id=account)
        if self.members.get(account) != member:
            self.members[account] = member

    def groups_of(self, viewer: str) -> Sequence[Group]:
        member = self.members[viewer]
        return [group for group in self._groups.values() if _is_in(member, group)]

    def in_group(self, viewer: str, group: str) -> bool:
        """Groups that were opened at run time are open to everybody."""
        configured = self._groups.get(group)
        return configured is None or _is_in(self.members[viewer], configured)

    def has_group(self, group: str) -> bool:
        return group in self._groups

    def room_name(self, chat: Chat) -> str:
        group = self._groups.get(chat.id)
        return self.bot_name if chat.private else group.name if group else chat.id

    def size(self, chat: Chat) -> int:
        return 1 + sum(1 for member in self.members if self.in_group(member, chat.id))


def made_up(buildings: Sequence[Building]) -> tuple[PersonSettings, ...]:
    """Two homes in each building, one under the roof, since roofs leak first: r-301, r-302, r-101, …"""
    homes = [(building, n) for building in buildings for n in range(1, _HOMES_A_BUILDING + 1)]
    pairs = zip(homes, _NAMES, strict=False)
    return tuple(
        PersonSettings(id=f"r-{building.id}{n:02}", name=name, building=building.id, home=_home(building, n))
        for (building, n), name in pairs
    )[:_RESIDENTS]


def _home(building: Building, n: int) -> str:
    unit = building.units[min(n, len(building.units) - 1)]
    floor = building.floors if n == 1 else max(1, building.floors // 3)
    return f"{unit}单元{floor}{min(n, building.rooms_per_floor):02}"


def _resident(person: PersonSettings, community: Community) -> Member:
    building = community.building(person.building)
    unit = person.home.partition("单元")[0] if "单元" in person.home else building.units[0] if building else "1"
    about = f"{community.building_name(person.building)}{person.home}" or "居民"
    tries = (f"{unit}单元门口积水了", "我家卧室顶上漏水", "进度")
    return Member(person.id, person.name, about, resident=True, building=person.building, tries=tries)


def _employee(staff: Staff) -> Member:
    return Member(
        id=staff.accounts.get(CHANNEL, staff.id),
        name=staff.name,
        about=ROLE_NAMES[staff.role],
        resident=False,
        tries=_TRIES[staff.role],
    )


def _is_in(member: Member, group: Group) -> bool:
    if not member.resident:
        return True
    return group.role is not GroupRole.STAFF and group.building in {None, member.building}
