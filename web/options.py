"""What the composition root tells the pages."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from domain.messages import Json
from domain.ports import Clock


@dataclass(frozen=True, slots=True)
class Health:
    """ok: answered with 200, otherwise 503. details: shown as they are, so no secrets."""

    ok: bool
    details: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Page:
    content: bytes
    content_type: str


Probe = Callable[[], Awaitable[Health]]
Figures = Callable[[], Awaitable[Page]]


@dataclass(frozen=True, slots=True)
class Probes:
    alive: Probe
    ready: Probe
    metrics: Figures


@dataclass(frozen=True, slots=True)
class WebOptions:
    """secret: signs media links and form tokens; kept over restarts, so that open pages stay usable.

    demo: whether people may pick who they are. hosts: names the pages may be asked for by; empty: any.
    clock: in the community's zone; times are shown in it.
    """

    community: str
    secret: bytes
    clock: Clock
    demo: bool
    hosts: frozenset[str] = frozenset()
