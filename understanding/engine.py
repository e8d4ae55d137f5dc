"""The port ``Understanding``: what one message means, and what it means among others."""

from dataclasses import replace

from domain.conversation import Reading, Said, Snapshot
from domain.understanding import Verdict
from domain.vocabulary import PUBLIC_PLACES, Kind, Place, Scope, Urgency
from understanding import conversation
from understanding.analysis import Analysis, analyse, load_words
from understanding.cues import cues_of
from understanding.gate import may_report
from understanding.model import COLUMNS, Model, load
from understanding.roll_call import own_line
from understanding.urgency import in_danger

_KINDS = (Kind.LEAK, Kind.PONDING, Kind.BLOCKAGE)
_AT_HOME = frozenset({Place.BATHROOM, Place.KITCHEN, Place.BEDROOM, Place.LIVING_ROOM, Place.BALCONY})
_SHARED = PUBLIC_PLACES - {Place.ROOF, Place.FACADE, Place.DRAIN}
_URGENCIES = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL)


class Understander:
    """Pure. Loads its word lists and weights once."""

    def __init__(self, model: Model | None = None) -> None:
        load_words()
        self._model = model or load()

    def judge(self, text: str, building: str | None) -> Verdict:
        """building: the group's own, which only helps to read numbers; the verdict holds what the text says."""
        analysis = analyse(own_line(text), building)
        silent = Verdict(
            report=False,
            confidence=0.0,
            location=analysis.location,
            source_room=analysis.where.source_room,
            many_homes=analysis.where.many_homes,
            cues=cues_of(analysis.text, analysis.where, analysis.spoken, analysis.places),
            ambiguous=analysis.where.ambiguous,
        )
        return (
            self._weighed(analysis, silent)
            if analysis.spoken and may_report(analysis.spoken, analysis.location)
            else silent
        )

    def read(self, message: Said, verdict: Verdict, snapshot: Snapshot) -> tuple[Reading, ...]:
        return conversation.read(message, verdict, snapshot)

    def matters(self, verdict: Verdict, *, by_staff: bool) -> bool:
        return conversation.matters(verdict, by_staff=by_staff)

    def _weighed(self, analysis: Analysis, silent: Verdict) -> Verdict:
        rules = set(analysis.features())
        grams = analysis.grams()
        confidence = round(self._model.confidence(self._model.report(rules, grams)), 4)
        if confidence < self._model.act:
            unsure = confidence >= self._model.ask
            return replace(silent, confidence=confidence, unsure=unsure, reasons=self._reasons(rules, report=False))
        scores = dict(zip(COLUMNS, self._model.scores(rules, grams), strict=True))
        return replace(
            silent,
            report=True,
            confidence=confidence,
            kind=max(_KINDS, key=scores.__getitem__),
            scope=_scope(analysis.location.place, scores["public"]),
            urgency=Urgency.EMERGENCY if in_danger(analysis.text) else max(_URGENCIES, key=scores.__getitem__),
            reasons=self._reasons(rules, report=True),
        )

    def _reasons(self, rules: set[str], *, report: bool) -> tuple[str, ...]:
        """The three features of the rules that spoke loudest for the verdict."""
        sign = 1 if report else -1
        weighed = sorted((-sign * self._model.rules[name][0], name) for name in rules if name in self._model.rules)
        return tuple(name for weight, name in weighed[:3] if weight < 0)


def _scope(place: Place | None, public: float) -> Scope:
    """A kitchen is a home's and a corridor everybody's; a wall or a drain may be either."""
    if place in _AT_HOME:
        return Scope.HOUSEHOLD
    return Scope.PUBLIC if public > 0 or place in _SHARED else Scope.HOUSEHOLD
