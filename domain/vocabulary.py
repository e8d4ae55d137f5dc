"""The closed sets and the ids of the house, on one page."""

from collections.abc import Callable, Mapping
from enum import IntEnum, StrEnum
from typing import NewType

TicketNumber = NewType("TicketNumber", int)
"""Short, per community, never reused; said as ``#12``."""
BuildingId = NewType("BuildingId", str)
StaffId = NewType("StaffId", str)
"""The id of a staff member in the roster, not on any channel."""
MediaId = NewType("MediaId", str)
IdSource = Callable[[str], str]
"""Makes a fresh id for a purpose ("media", "code", "reference"); seeded in replay."""


class Kind(StrEnum):
    LEAK = "leak"
    PONDING = "ponding"
    BLOCKAGE = "blockage"


class Scope(StrEnum):
    HOUSEHOLD = "household"
    PUBLIC = "public"


class Urgency(StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"

    @property
    def rank(self) -> int:
        """Smaller is more urgent."""
        return ("emergency", "urgent", "normal").index(self.value)


class Place(StrEnum):
    UNIT_DOOR = "unit_door"
    CORRIDOR = "corridor"
    STAIRWELL = "stairwell"
    ELEVATOR = "elevator"
    GARAGE = "garage"
    ROOF = "roof"
    FACADE = "facade"
    ROAD = "road"
    DRAIN = "drain"
    BALCONY = "balcony"
    CEILING = "ceiling"
    WINDOW = "window"
    WALL = "wall"
    BATHROOM = "bathroom"
    KITCHEN = "kitchen"
    BEDROOM = "bedroom"
    LIVING_ROOM = "living_room"
    BASEMENT = "basement"
    OTHER = "other"


PUBLIC_PLACES = frozenset(
    {
        Place.UNIT_DOOR,
        Place.CORRIDOR,
        Place.STAIRWELL,
        Place.ELEVATOR,
        Place.GARAGE,
        Place.ROOF,
        Place.FACADE,
        Place.ROAD,
        Place.DRAIN,
        Place.BASEMENT,
    }
)


class Status(StrEnum):
    REGISTERED = "registered"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    ASSESSED = "assessed"
    REPAIRING = "repairing"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Ruling(StrEnum):
    PUBLIC = "public"
    UNALTERED = "unaltered"
    ALTERED = "altered"
    WARRANTY = "warranty"


class Role(StrEnum):
    SOCIAL_WORKER = "social_worker"
    STEWARD = "steward"
    REPAIRER = "repairer"
    SECRETARY = "secretary"
    ADMINISTRATOR = "administrator"


ROLES_SAID: Mapping[str, Role] = {
    "社工": Role.SOCIAL_WORKER,
    "网格员": Role.SOCIAL_WORKER,
    "管家": Role.STEWARD,
    "物业管家": Role.STEWARD,
    "维修": Role.REPAIRER,
    "师傅": Role.REPAIRER,
    "维修工": Role.REPAIRER,
    "维修师傅": Role.REPAIRER,
    "书记": Role.SECRETARY,
    "管理员": Role.ADMINISTRATOR,
    **{role.value: role for role in Role},
}
"""As people say and write them."""


class GroupRole(StrEnum):
    BUILDING = "building"
    STAFF = "staff"
    TASK = "task"
    DRILL = "drill"


class MessageKind(StrEnum):
    """What came in."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"
    RECALL = "recall"
    JOIN = "join"
    """The bot was brought into the group."""


class ReplyKind(StrEnum):
    """What goes out: the ``kind`` of a line that ``replay`` prints."""

    ACK = "ack"
    QUESTION = "question"
    STATUS = "status"
    PROGRESS = "progress"
    CLOSING = "closing"
    DIGEST = "digest"
    BROADCAST = "broadcast"
    COMMAND = "command"
    ALERT = "alert"
    REMINDER = "reminder"
    SURVEY = "survey"
    DOCUMENT = "document"
    OTHER = "other"


class Priority(IntEnum):
    """Smaller goes first, in every queue."""

    EMERGENCY = 0
    """Emergencies, orange and red warnings."""
    ANSWER = 1
    """Acknowledgements and answers to a person."""
    PROGRESS = 3
    BROADCAST = 5
    """Other broadcasts and digests."""
