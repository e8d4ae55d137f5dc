"""What one message means by itself. The verdict is stored with the message, so that a replay decides the same."""

from dataclasses import dataclass, field
from enum import StrEnum

from domain.vocabulary import Kind, Place, Scope, Urgency


class Cue(StrEnum):
    """Turns of speech that matter in a conversation, whether or not the message is a report."""

    ME_TOO = "me_too"
    """我家也是, 同, +1"""
    NOT_ME = "not_me"
    """我家没有, 无"""
    CHASE = "chase"
    """怎么还没人来, 一个半小时了, ???"""
    FIXED = "fixed"
    """修好了, 不漏了"""
    NOT_FIXED = "not_fixed"
    """又漏了, 没修好, 还是漏"""
    WITHDRAW = "withdraw"
    """看错了, 没事了, 不用来了"""
    CORRECTION = "correction"
    """打错了, 更正, 不是…是…"""
    HOTLINE = "hotline"
    """a threat to call 12345, the media, a lawyer"""
    ANGER = "anger"
    WANTS_HUMAN = "wants_human"
    THANKS = "thanks"
    LOCATION_ONLY = "location_only"
    """nothing but an address: 2-502, 二单元的"""
    STILL = "still"
    """the water is still there: 还在漏, 还在冒"""
    WORSE = "worse"
    """更大了, 鼓起来了"""
    ELECTRIC = "electric"
    """water meets electricity"""
    OFF_TOPIC = "off_topic"
    """a place is named, but in talk of other things: 有产权车位出售么"""
    FOR_OTHER = "for_other"
    """报给爸妈/邻居: the home is somebody else's"""
    CONSENT = "consent"
    """可以, 行, 好的 as a whole message"""
    REFUSE = "refuse"
    """不可以, 别发 as a whole message"""
    MORE_WATER = "more_water"
    """talk of water on the spot that is no report by itself: 这么多水, 鞋全湿, 推车推不过去"""
    SURVEY = "survey"
    """a staff member asks homes to write down leaks: 有渗漏的请接龙"""
    WORK_TAKEN = "work_taken"
    """staff: 收到, 安排, 师傅马上到"""
    WORK_ARRIVED = "work_arrived"
    """staff: 我到302门口了, 已到现场"""
    WORK_DONE = "work_done"
    """staff: 已更换, 处理完毕"""
    WORK_NEWS = "work_news"
    """staff: 正在抽水, 已关阀"""


class Advice(StrEnum):
    """What a second opinion came to."""

    REPORT = "report"
    MAYBE = "maybe"
    """more a report than not: worth asking"""
    CHATTER = "chatter"
    OPEN = "open"
    """it does not know either"""
    NONE = "none"
    """asked in vain: no usable answer in time"""


@dataclass(frozen=True, slots=True)
class Location:
    """Where. Plain strings without suffix ("3", "2", "502", "B", "西"); floor -1 is the first below ground.

    Only what the text gives; ``building`` is the one stated in the text (never the group's own).
    """

    building: str | None = None
    unit: str | None = None
    room: str | None = None
    floor: int | None = None
    place: Place | None = None

    @property
    def empty(self) -> bool:
        return self == Location()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The meaning of one message. Where report is false, kind, scope and urgency are None.

    confidence: 0..1, that ``report`` is true (calibrated). source_room: a room named only as where the water
    comes from; staff only. ambiguous: readings that must be asked about, in words. reasons: why, for logs and staff.
    """

    report: bool
    confidence: float
    kind: Kind | None = None
    scope: Scope | None = None
    urgency: Urgency | None = None
    location: Location = field(default_factory=Location)
    source_room: str | None = None
    many_homes: bool = False
    cues: frozenset[Cue] = frozenset()
    ambiguous: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    unsure: bool = False
    """In the middle band: ask once, or put it on the please-look list; never answer aloud as if it were sure."""
    advice: Advice | None = None
    """of the second opinion; None: nobody else was asked"""


SILENT = Verdict(report=False, confidence=0.0)
