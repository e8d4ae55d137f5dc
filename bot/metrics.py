"""What /metrics shows to Prometheus. Counts of what happened since the start; the rest is read when it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.breaker import Pause
from bot.weather import Weather
from domain.errors import StoreError
from domain.ports import Channel, Clock, Link, ReadModels
from domain.queues import Deliveries
from domain.records import Backlog, Counts, Delivered, DeliveryState
from domain.vocabulary import ReplyKind, Status
from domain.warnings import OfficialWarning
from web.options import Page

SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200)


@dataclass(slots=True)
class Ledger:
    """What delivery reports of each send."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _deliveries: Counter = field(init=False)
    _acknowledgements: Histogram = field(init=False)

    def __post_init__(self) -> None:
        self._deliveries = Counter(
            "louqun_deliveries", "Ends of sends, by outcome.", ("channel", "outcome"), registry=self.registry
        )
        self._acknowledgements = Histogram(
            "louqun_acknowledgement_seconds", "From the commit of an acknowledgement until the network took it.",
            registry=self.registry, buckets=SECONDS,
        )  # fmt: skip

    def note(self, ends: Sequence[Delivered]) -> None:
        for end in ends:
            if end.state is DeliveryState.WAIT:
                continue
            self._deliveries.labels(end.claim.chat.channel, end.state.value).inc()
            if end.receipt is None:
                continue
            rows = [row for row in end.claim.rows if row.id in end.rows and row.reply.kind is ReplyKind.ACK]
            for row in rows:
                self._acknowledgements.observe(max(0.0, (end.receipt.at - row.created_at).total_seconds()))


class Pausing(Protocol):
    @property
    def pause(self) -> Pause | None: ...


@dataclass(frozen=True, slots=True)
class Metrics:
    ledger: Ledger
    channels: Mapping[str, Channel]
    pauses: Mapping[str, Pausing]
    read_models: ReadModels
    deliveries: Deliveries
    clock: Clock
    weather: Weather | None = None

    async def page(self) -> Page:
        """A database that is away is a figure as well; what lies in it is then left out."""
        now = CollectorRegistry()
        self._links(now)
        up = Gauge("louqun_database_up", "Whether the database answers.", registry=now)
        try:
            counts, backlog = await self.read_models.counts(), await self.deliveries.backlog()
            standing = await self.weather.in_force(self.clock.now()) if self.weather else []
        except StoreError:
            up.set(0)
            self._sources(now)
        else:
            up.set(1)
            self._sources(now, standing)
            self._inbox(now, counts)
            self._outbox(now, backlog)
        return Page(generate_latest(now) + generate_latest(self.ledger.registry), CONTENT_TYPE_LATEST)

    def _links(self, now: CollectorRegistry) -> None:
        up = Gauge("louqun_channel_up", "Whether the channel is connected and logged in.", ("channel",), registry=now)
        paused = Gauge(
            "louqun_delivery_paused", "Whether messages wait for the link of the account.", ("channel",), registry=now
        )
        for name, channel in self.channels.items():
            up.labels(name).set(channel.health().link is Link.UP)
            paused.labels(name).set(self.pauses[name].pause is not None)

    def _sources(self, now: CollectorRegistry, standing: Sequence[OfficialWarning] | None = None) -> None:
        if self.weather is None:
            return
        read = Gauge(
            "louqun_source_read_timestamp_seconds",
            "When a source of warnings was last read.",
            ("source",),
            registry=now,
        )
        misses = Gauge("louqun_source_misses", "Failed looks since the last good one.", ("source",), registry=now)
        for source in self.weather.sources:
            read.labels(source.name).set(source.heard_at.timestamp() if source.heard_at else 0)
            misses.labels(source.name).set(source.misses)
        if standing is not None:
            stands = Gauge(
                "louqun_warnings_in_force", "Official warnings that stand.", ("event", "level"), registry=now
            )
            for warning in standing:
                stands.labels(warning.event, warning.level).inc()

    def _inbox(self, now: CollectorRegistry, counts: Counts) -> None:
        oldest = (self.clock.now() - counts.oldest).total_seconds() if counts.oldest else 0.0
        Gauge("louqun_inbox_depth", "Messages that wait to be handled.", registry=now).set(counts.waiting)
        Gauge("louqun_inbox_oldest_seconds", "Age of the oldest of them.", registry=now).set(max(0.0, oldest))
        Gauge("louqun_inbox_parked", "Messages that failed and wait for a person.", registry=now).set(counts.parked)
        tickets = Gauge("louqun_tickets", "Tickets, by state.", ("state",), registry=now)
        for status in Status:
            tickets.labels(status.value).set(counts.tickets.get(status, 0))

    def _outbox(self, now: CollectorRegistry, backlog: Sequence[Backlog]) -> None:
        depth = Gauge("louqun_outbox_depth", "Messages that wait to be sent.", ("channel", "priority"), registry=now)
        dead = Gauge("louqun_dead_letters", "Messages given up.", ("channel",), registry=now)
        unknown = Gauge("louqun_outcome_unknown", "Messages that may have gone out.", ("channel",), registry=now)
        for name in self.channels:
            dead.labels(name).set(0)
            unknown.labels(name).set(0)
        for one in backlog:
            if one.state == "queued":
                depth.labels(one.channel, one.priority.name.lower()).set(one.count)
            else:
                (dead if one.state == "dead" else unknown).labels(one.channel).inc(one.count)
