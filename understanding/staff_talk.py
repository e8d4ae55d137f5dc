"""Staff's plain talk: taken, arrived, news, done, on the ticket it is about. Staff asking others opens nothing."""

import re
from datetime import timedelta

from domain.commands import numbers_in
from domain.conversation import Action, Reading, TicketView
from domain.spoken_time import find_time
from domain.tickets import OPEN, UNTAKEN
from domain.understanding import Cue, Location
from domain.vocabulary import Place, Scope, Status
from understanding.facts import opening
from understanding.incidents import agree, home_match, is_public, public_match, same_building, same_spot
from understanding.our_work import is_news, is_ours
from understanding.scene import FRESH, PICTURES, SHORTLY, Scene

Readings = tuple[Reading, ...]
_ONGOING = re.compile(r"观察|临时|暂时|待干|等干|明[天早]再|下午再|还[要得需]")
"""Done for now is news, not the end."""
_ON_THE_WAY = re.compile(r"马上|这就|一会|待会|稍[后等]|大概|大约|预计|尽快|路上|[就快前后再会能要]到")
"""With words of arriving: not there yet."""
_COMES = re.compile(r"(?:过?[去来]|上门)(?:看|修|处理|您?家|一趟|[\s,，。!！~]|$)")
_HEARD = re.compile(
    r"(?:收到|好的?|嗯+|哦+|知道了|了解|明白|ok|谢谢|谢了|感谢|辛苦|反映|反馈|[我您你亲们]的?|消息|请?稍等|一?下|[啦啊哈呀哦了]|🙏|👌|[\s,，。!！~～])+",
    re.IGNORECASE,
)
"""A bare 收到 takes nothing on."""
_OVER = re.compile(r"[清抽扫排修通弄处理](?:干净|完|好|掉|空|通)|已(?:经)?(?:处理|清理|修|排|抽)|无积水|没有积水|恢复")
_OTHER_WORK = re.compile(
    r"路灯|门禁|快递|车位|垃圾|网络|宽带|停电|电表|健身|监控|消防检查|单车|充电|绿化|道闸|电梯(?!口|厅|间|里|井)"
)
_WATER = re.compile(r"水|漏|渗|管|阀|堵|通了|防水|胶|泵|沙袋|地漏|井|湿|滴|疏通")
_TO_YOU = re.compile(r"您家|你家|您那|你那|您[好那]|到您|上门|去看看|到家")
_TITLE = re.compile(r"([一-龥])(?:先生|女士|小姐|阿姨|大爷|大妈|大姐|大哥|叔|姐|哥|老师|师傅)")
_AT_WORK = re.compile(
    r"(?:清|掏|抽|排|堵|修|换|查|关|通|补|接|拆|装|拖|扫|挖|铲|搬|运|止|弄|做|找|封|涂|晾|烘|买|配)[了着到好完掉上住开过一出]"
)
_ASKS = re.compile(r"[?？吗么呢吧]\s*$|谁|什么|怎么|没有$")
_STEPS = (
    (Cue.WORK_DONE, Action.STAFF_DONE),
    (Cue.WORK_ARRIVED, Action.STAFF_ARRIVED),
    (Cue.WORK_NEWS, Action.STAFF_NEWS),
    (Cue.WORK_TAKEN, Action.STAFF_TAKEN),
)
_CAUSES = frozenset({Place.ROOF, Place.FACADE})
"""Where somebody goes for a home that leaks: 明天上午师傅上楼顶看."""
_AGO = timedelta(days=7)


def read_staff(scene: Scene) -> Readings:
    if scene.says(Cue.SURVEY):
        return ()
    if scene.message.kind in PICTURES:
        return _picture(scene)
    step = _step(scene)
    if step is None or not (_named(scene) or _is_of_work(scene, step)):
        return _own_report(scene)
    if _OTHER_WORK.search(scene.text) and not _WATER.search(scene.text) and not _of_a_wet_lift(scene):
        return ()
    candidates = _candidates(scene, step)
    ticket = about(scene, candidates) or _in_passing(scene, step, candidates) or _dated(scene, step)
    if ticket is None:
        return () if step is Action.STAFF_DONE else _own_report(scene)
    return (Reading(step, "工作人员在群里说的", ticket.number),)


def _is_of_work(scene: Scene, step: Action) -> bool:
    if step is Action.STAFF_DONE or scene.where.room is not None or _by_name(scene, scene.open_here):
        return True
    return is_ours(scene.text) and (step is not Action.STAFF_NEWS or is_news(scene.text))


def _of_a_wet_lift(scene: Scene) -> bool:
    """已停运，电梯公司在来的路上: the lift is the matter where water drips in it."""
    wet = any(t.location.place is Place.ELEVATOR for t in scene.fresh_here)
    return wet and "电梯" in scene.text


def _dated(scene: Scene, step: Action) -> TicketView | None:
    """大概四点到您家: when somebody comes for what was taken on before."""
    if step is not Action.STAFF_TAKEN or find_time(scene.text, scene.now) is None:
        return None
    return about(scene, tuple(t for t in scene.open_here if t.status is Status.ACCEPTED))


def _in_passing(scene: Scene, step: Action, candidates: tuple[TicketView, ...]) -> TicketView | None:
    """沙袋已经在上, 请大家走楼梯: the place is not where the water is; news of the one public water all the same."""
    public = [t for t in candidates if t.scope is Scope.PUBLIC and scene.since(t.last_words_at) <= FRESH]
    elsewhere = scene.where.unit or scene.where.floor is not None or scene.where.room or _named(scene)
    tells = step in {Action.STAFF_NEWS, Action.STAFF_TAKEN} and bool(_WATER.search(scene.text))
    return public[0] if len(public) == 1 and tells and not elsewhere else None


def _picture(scene: Scene) -> Readings:
    """A photo that names a ticket, or quotes a post about one, is progress on it; with words perhaps more."""
    named = [t for t in _named(scene) if t.status in OPEN]
    if len(named) != 1:
        return ()
    step = _step(scene) or Action.STAFF_NEWS
    return (Reading(step, "工作人员发的照片", named[0].number),)


def _named(scene: Scene) -> tuple[TicketView, ...]:
    by_number = tuple(t for n in numbers_in(scene.text) if (t := scene.ticket(n)))
    return by_number or scene.quoted


def _step(scene: Scene) -> Action | None:
    step = next((action for cue, action in _STEPS if scene.says(cue)), None) or _mended(scene) or _by_number(scene)
    comes = scene.says(Cue.WORK_TAKEN) or bool(_COMES.search(scene.text))
    if step is Action.STAFF_NEWS and comes and find_time(scene.text, scene.now):
        untaken = any(t.status in UNTAKEN for t in scene.open_here)
        return Action.STAFF_TAKEN if untaken else step  # 收到，师傅明天上午去: the day is when, not how far it is
    if step is Action.STAFF_ARRIVED and (_ON_THE_WAY.search(scene.text) or find_time(scene.text, scene.now)):
        return Action.STAFF_TAKEN
    if step is Action.STAFF_TAKEN and _HEARD.fullmatch(scene.text):
        return None
    if step is Action.STAFF_DONE and _ONGOING.search(scene.text):
        return Action.STAFF_NEWS
    return step


def _mended(scene: Scene) -> Action | None:
    """换了个阀门，不漏了: residents' words for the end, behind words for the work."""
    told = scene.says(Cue.FIXED) and _AT_WORK.search(scene.text) and not _ASKS.search(scene.text)
    return Action.STAFF_DONE if told else None


def _by_number(scene: Scene) -> Action | None:
    """ "#3 清了一半", said in the residents' own group: news, whatever the words for the work."""
    told = (
        scene.snapshot.building is not None and len(numbers_in(scene.text)) == 1 and scene.text.lstrip().startswith("#")
    )
    return Action.STAFF_NEWS if told and _AT_WORK.search(scene.text) and not _ASKS.search(scene.text) else None


def _candidates(scene: Scene, step: Action) -> tuple[TicketView, ...]:
    if step is Action.STAFF_TAKEN:
        return tuple(t for t in scene.open_here if t.status in UNTAKEN)
    if step is Action.STAFF_ARRIVED:
        return tuple(t for t in scene.open_here if t.status is not Status.ON_SITE)
    return scene.open_here


def about(scene: Scene, candidates: tuple[TicketView, ...]) -> TicketView | None:
    """By number or quote, by place, by the name of the person, else the only one it can be; never a guess of two."""
    named = _named(scene)
    if named:
        fitting = [t for t in named if t in candidates]
        return fitting[0] if len(fitting) == 1 else None
    recent = tuple(t for t in candidates if scene.since(t.last_words_at) <= _AGO)
    placed = _by_place(scene, recent)
    if placed is not None:
        return placed[-1] if placed else None
    addressed = _by_name(scene, recent)
    if addressed:
        return addressed[-1]
    fresh = [t for t in recent if scene.since(t.last_words_at) <= FRESH]
    return fresh[0] if len(fresh) == 1 else _just_reported(scene, tuple(fresh))


def _by_place(scene: Scene, candidates: tuple[TicketView, ...]) -> tuple[TicketView, ...] | None:
    """None: no place was said, or one that only tells where they are now."""
    where = scene.where
    rooms = {room for room in (where.room, scene.verdict.source_room) if room is not None}
    if rooms:
        exact = tuple(t for t in candidates if _is_room(t, where, rooms))
        return exact or tuple(t for t in candidates if any(_above(room, t) for room in rooms))
    if where.building is not None and _TO_YOU.search(scene.text):
        return None
    if is_public(where) and not (where.place is Place.ROAD and "在路上" in scene.text):
        there = tuple(t for t in candidates if t.scope is Scope.PUBLIC and same_spot(scene, t, where))
        return there or (None if where.place in _CAUSES and where.unit is None else there)
    if where.building is None and where.unit is None and where.floor is None:
        return None
    return tuple(t for t in candidates if _agrees(scene, t, where))


def _is_room(ticket: TicketView, where: Location, rooms: set[str]) -> bool:
    return ticket.location.room in rooms and agree(where.unit, ticket.location.unit)


def _above(room: str, ticket: TicketView) -> bool:
    """Work upstairs (1901) is work on the home below (1801)."""
    below = ticket.location.room
    if below is None or not (room.isdecimal() and below.isdecimal()):
        return False
    return int(room) - int(below) == 100


def _agrees(scene: Scene, ticket: TicketView, where: Location) -> bool:
    there = ticket.location
    same = agree(where.unit, there.unit) and agree(where.floor, there.floor)
    return same and same_building(scene, where, ticket)


def _by_name(scene: Scene, candidates: tuple[TicketView, ...]) -> tuple[TicketView, ...]:
    """吴先生您好: the ticket of somebody here whose shown name has that family name, or is named in full."""
    families = _TITLE.findall(scene.text)
    people = {
        s.sender
        for s in scene.said
        if not s.is_staff and (s.sender_name in scene.text or any(f in s.sender_name for f in families))
    }
    return tuple(t for t in candidates if people.intersection(t.reporters))


def _just_reported(scene: Scene, candidates: tuple[TicketView, ...]) -> TicketView | None:
    """收到 right behind a report, when no other was spoken of in those minutes."""
    spoken = [t for t in candidates if scene.since(t.last_words_at) <= SHORTLY]
    return spoken[0] if len(spoken) == 1 else None


def _own_report(scene: Scene) -> Readings:
    """A staff member on their round sees water in a public place, or passes on what a home has phoned."""
    verdict = scene.verdict
    if not verdict.report or verdict.unsure or _OVER.search(scene.text):
        return ()
    if verdict.location.room is not None:
        return _passed_on(scene)
    public = verdict.scope is Scope.PUBLIC and (is_public(verdict.location) or verdict.location.unit is not None)
    if not public or _step(scene) is not None or public_match(scene) is not None:
        return ()
    return (opening(scene, "工作人员发现公共区域有水"),)


def _passed_on(scene: Scene) -> Readings:
    """4单元1201李奶奶家来电话，阳台漏水. Not where some home here has not said yet which it is: that may be the one."""
    unknown = [t for t in scene.fresh_here if t.scope is Scope.HOUSEHOLD and t.location.room is None]
    if unknown or home_match(scene, scene.where) is not None:
        return ()
    return (opening(scene, "工作人员代住户报修"),)
