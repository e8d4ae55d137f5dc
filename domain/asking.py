"""A second opinion on a message that may be a report: what may be asked, what may be answered, what the answer does."""

from dataclasses import dataclass, replace
from typing import NewType

from domain.understanding import Advice, Cue, Location, Verdict
from domain.vocabulary import PUBLIC_PLACES, Kind, Place, Scope, Urgency

Masked = NewType("Masked", str)
"""Words of a message without what points at a person; made by ``domain.masking.for_model``, by nothing else."""
_AT_HOME = frozenset({Place.BATHROOM, Place.KITCHEN, Place.BEDROOM, Place.LIVING_ROOM, Place.BALCONY})


@dataclass(frozen=True, slots=True)
class Opinion:
    """Closed answers only: no room, no name and no word of somebody else's program enters the house.

    sure: about ``report``. kind, scope, urgency: given when ``report`` is true.
    """

    report: bool
    sure: bool
    kind: Kind | None = None
    scope: Scope | None = None
    urgency: Urgency | None = None


def weighed(verdict: Verdict, opinion: Opinion | None) -> Verdict:
    """A verdict of the middle band after the second opinion: a report, worth a question, left as it is, or silent.

    Where and from whom stays as we read it ourselves; a verdict outside the middle band is not touched.
    """
    if not verdict.unsure:
        return verdict
    advice = _advice(opinion)
    if advice is Advice.REPORT and opinion is not None:
        return replace(
            verdict,
            report=True,
            unsure=False,
            kind=opinion.kind,
            scope=_scope(verdict.location, opinion.scope),
            urgency=opinion.urgency,
            advice=advice,
        )
    silenced = advice is Advice.CHATTER and Cue.ELECTRIC not in verdict.cues  # water near wires: a person decides
    return replace(verdict, unsure=not silenced, advice=advice)


def _advice(opinion: Opinion | None) -> Advice:
    if opinion is None:
        return Advice.NONE
    if opinion.report:
        return Advice.REPORT if opinion.sure else Advice.MAYBE
    return Advice.CHATTER if opinion.sure else Advice.OPEN


def _scope(where: Location, told: Scope | None) -> Scope | None:
    """What lies in a home is never public, whoever says so: a public ticket shows more in the group."""
    home = where.place in _AT_HOME or (where.room is not None and where.place not in PUBLIC_PLACES)
    return Scope.HOUSEHOLD if home else told
