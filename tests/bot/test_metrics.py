"""What /metrics shows, read back with the parser of Prometheus' own client."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.clocks import Bell
from bot.feeds import Feed
from bot.intake import Intake
from bot.metrics import Ledger, Metrics
from bot.weather import Weather
from domain.errors import ChannelError, StoreError
from domain.ports import Link
from domain.records import Counts
from domain.vocabulary import ReplyKind, TicketNumber
from storage.read_models import SqlReadModels
from tests.bot.sending import NAME, Office, answer, group, office, warning
from tests.bot.test_feeds import Script
from tests.bot.test_feeds import warning as official
from tests.moments import NOON
from tests.storage.values import message, opened, ticket


@pytest.fixture
async def post(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with office(database_url, tmp_path) as opened_office:
        yield opened_office


def metrics(post: Office) -> Metrics:
    ledger = Ledger()
    post.delivery.note = ledger.note
    return Metrics(
        ledger, {NAME: post.network}, {NAME: post.delivery}, post.database.read_models, post.database.deliveries,
        post.clock,
    )  # fmt: skip


async def shown(metrics: Metrics) -> dict[str, float]:
    page = await metrics.page()
    families = text_string_to_metric_families(page.content.decode())
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in families
        for sample in family.samples
    }


async def test_the_figures_of_a_night(post: Office):
    figures = metrics(post)
    await post.database.inbox.put([message("m1"), message("m2")], NOON - timedelta(seconds=90))
    async with post.database.store.begin(NOON) as work:
        number = await work.tickets.next_number()
        await work.tickets.save(ticket(number), opened(number))
    post.network.broken = lambda sent: ChannelError("gone", retry=False) if sent.chat == group(9) else None
    await post.put(replace(answer(group(1)), kind=ReplyKind.ACK, tickets=(TicketNumber(1),)), answer(group(9)))
    post.clock.set(NOON + timedelta(seconds=3))
    await post.settle()
    post.network.link = Link.LOGGED_OUT
    await post.put(warning(group(2)), answer(group(3)), answer(group(4)))
    seen = await shown(figures)
    assert seen["louqun_inbox_depth[]"] == 2
    assert seen["louqun_inbox_oldest_seconds[]"] == 93
    assert seen["louqun_inbox_parked[]"] == 0
    assert (seen["louqun_tickets['registered']"], seen["louqun_tickets['closed']"]) == (1, 0)
    assert seen["louqun_outbox_depth['console', 'emergency']"] == 1
    assert seen["louqun_dead_letters['console']"] == 1
    assert seen["louqun_outcome_unknown['console']"] == 0
    assert seen["louqun_channel_up['console']"] == 0
    assert seen["louqun_delivery_paused['console']"] == 1
    assert seen["louqun_database_up[]"] == 1
    assert seen["louqun_deliveries_total['console', 'sent']"] >= 1
    assert seen["louqun_deliveries_total['console', 'dead']"] == 1
    assert seen["louqun_acknowledgement_seconds_count[]"] == 1
    assert seen["louqun_acknowledgement_seconds_sum[]"] == 3


async def test_the_sources_of_warnings_and_what_is_in_force(post: Office):
    town = post.delivery.community
    intake = Intake(("橙色",), post.database.store, town, Bell())
    feed = Feed(Script([official("橙色", minutes=0, issued_at=NOON)]), intake, post.database.hearing, post.clock)
    await feed.step()
    figures = replace(metrics(post), weather=Weather(intake, [feed]))
    seen = await shown(figures)
    assert seen["louqun_source_read_timestamp_seconds['script']"] == NOON.timestamp()
    assert seen["louqun_source_misses['script']"] == 0
    assert seen["louqun_warnings_in_force['暴雨', '橙色']"] == 1
    source = Script(away=True)
    feed.source = source
    await feed.step()
    assert (await shown(figures))["louqun_source_misses['script']"] == 1
    state = figures.weather.state()["script"] if figures.weather else None
    assert state == {
        "read_at": NOON.isoformat(), "misses": 1, "failed_at": NOON.isoformat(), "fault": "not_in_form",
        "why": "no answer",
    }  # fmt: skip


class Away(SqlReadModels):
    def __init__(self) -> None:
        """Nothing to read from."""

    async def counts(self) -> Counts:
        raise StoreError("the database is away")


async def test_a_database_that_is_away_is_a_figure_too(post: Office):
    figures = replace(metrics(post), read_models=Away())
    seen = await shown(figures)
    assert seen["louqun_database_up[]"] == 0
    assert seen["louqun_channel_up['console']"] == 1
    assert "louqun_inbox_depth[]" not in seen
