"""Which of the sender's own tickets the words are about."""

import re
from datetime import timedelta

from domain.commands import numbers_in
from domain.conversation import TicketView
from domain.understanding import Cue
from domain.vocabulary import Scope
from understanding.incidents import is_indoors, is_public, is_vague, same_building, same_spot
from understanding.scene import SHORTLY, Scene

_ALSO_THERE = re.compile(r"也(?:在|有|是|开始|全|都)?(?:漏|渗|滴|积|进|冒|堵|返|淹|水)|还有一?处|另外|又一处|另一处")
_SECOND_MATTER = re.compile(r"再一个|另外|还有(?:一|个|就是|楼|地)|第二|两件事|顺便|此外|其次|二来")
_FLOWS_OUT = re.compile(r"[流漫淌冲灌漏滴渗]到|都到|也到")
_SECOND_THOUGHT = timedelta(minutes=5)
_A_FEW_WORDS = 24
_ASKS = re.compile(r"[吗么?？][\s~～]*$|谁|哪|什么|怎么|多少")
_STILL_LOOKING = timedelta(hours=1)


def chosen(scene: Scene, tickets: tuple[TicketView, ...]) -> TicketView | None:
    """Which of the sender's tickets is meant: by number, quote or place, else the one spoken of last."""
    numbers = numbers_in(scene.text)
    named = [t for t in tickets if t.number in numbers] or [t for t in tickets if t in scene.quoted]
    if named or numbers:
        return named[0] if named else None
    placed = [t for t in tickets if not is_vague(scene.where) and may_be(scene, t)]
    return next(iter(placed or tickets), None)


_MY_HOME = re.compile(r"[我俺咱](?:们)?家|家里|屋里")
"""The speaker's own walls: not the water at the door that the same person reported before."""


def may_be(scene: Scene, ticket: TicketView) -> bool:
    """Whether the words can be about this ticket of the sender: nothing that they say contradicts it."""
    where, there = scene.where, ticket.location
    if where.building is not None and not same_building(scene, where, ticket):
        return still_vague(scene, ticket)
    if ticket.scope is Scope.PUBLIC:
        at_home = is_indoors(where) or bool(_MY_HOME.search(scene.text))
        if at_home and not is_public(where):
            return is_vague(there) and still_vague(scene, ticket)
        return not a_second_spot(scene, ticket) and (is_vague(where) or same_spot(scene, ticket, where))
    if is_public(where):
        return _public_words_about_home(scene, ticket)
    return where.room in {None, there.room} or there.room is None


def tells_where(scene: Scene, ticket: TicketView) -> bool:
    """Whether the place that is named is the ticket's: 502 right behind it is, 楼道里一股味道 is other talk."""
    where, known, age = scene.where, ticket.location, scene.since(ticket.last_words_at)
    if scene.says(Cue.CORRECTION):
        return True
    bare = scene.says(Cue.LOCATION_ONLY)
    if where.room is not None or where.unit is not None:
        whole = known.room is not None and known.unit is not None
        return not whole or (age <= _SECOND_THOUGHT and bare) or where.room == known.room
    if where.building is not None and is_vague(where):
        return True
    if bare and not (known.room is not None and where.place is None):
        return True
    return age <= _SECOND_THOUGHT and len(scene.text) <= _A_FEW_WORDS and not _ASKS.search(scene.text)


def a_second_spot(scene: Scene, ticket: TicketView) -> bool:
    """3单元电梯口也漏水, from who reported the corridor: however near, it is another place to go to."""
    told, known = scene.where.place, ticket.location.place
    return None not in {told, known} and told is not known and bool(_ALSO_THERE.search(scene.text))


def _public_words_about_home(scene: Scene, ticket: TicketView) -> bool:
    """From the roof, or out onto the landing: still the water of that home. Else it is a second matter."""
    if _SECOND_MATTER.search(scene.text):
        return False
    cause = scene.where.place is not None and scene.where.place.value in {"roof", "facade"}
    flows = bool(_FLOWS_OUT.search(scene.text)) and scene.since(ticket.last_words_at) <= _STILL_LOOKING
    return cause or flows or (is_vague(ticket.location) and still_vague(scene, ticket))


def still_vague(scene: Scene, ticket: TicketView) -> bool:
    """Just said "漏水了": what comes next tells where."""
    told = ticket.location.room is not None or (ticket.scope is Scope.PUBLIC and ticket.location.place is not None)
    return not told and scene.since(ticket.last_words_at) <= SHORTLY


def another_home(scene: Scene, ticket: TicketView) -> bool:
    """帮我妈报: not the matter of one's own home."""
    first = scene.says(Cue.FOR_OTHER) and ticket.location.room is not None
    return first and scene.where.room != ticket.location.room
