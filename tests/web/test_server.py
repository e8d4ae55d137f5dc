"""Listening, and the secret that outlives a restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from domain.errors import ConfigError
from tests.web.town import Town
from web import kept_secret, serving
from web.signing import Signer

NOW = datetime(2021, 8, 23, 21, 58, tzinfo=UTC)


async def test_a_taken_port_is_said_and_what_to_do(here: Town):
    with pytest.raises(ConfigError, match=r"is taken by another program.*channels\.console\.bind"):
        async with serving(web.Application(), "127.0.0.1", urlsplit(here.address).port or 0):
            pass


async def test_an_address_of_another_machine_is_said():
    with pytest.raises(ConfigError, match="expected an address of this machine"):
        async with serving(web.Application(), "203.0.113.1", 0):
            pass


def test_the_secret_is_kept_and_private(tmp_path: Path):
    path = tmp_path / "data" / "secret"
    secret = kept_secret(path)
    assert len(secret) == 32
    assert kept_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_secret(tmp_path / "other") != secret


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="at least 16 bytes"):
        Signer(b"short")


@pytest.mark.parametrize("after,holds", [(0, True), (24, True), (31, False)])
def test_a_link_holds_for_a_day_or_a_little_more(after: int, holds: bool):
    signer = Signer(b"0" * 16)
    query = parse_qs(urlsplit(signer.media_link("a.jpg", NOW)).query)
    at = NOW + timedelta(hours=after)
    assert signer.media_allowed("a.jpg", query["until"][0], query["by"][0], at) is holds
    assert not signer.media_allowed("b.jpg", query["until"][0], query["by"][0], at)


def test_a_link_stays_the_same_for_some_hours_so_that_browsers_need_not_load_again():
    signer = Signer(b"0" * 16)
    links = {signer.media_link("a.jpg", NOW + timedelta(minutes=minutes)) for minutes in range(0, 120, 5)}
    assert len(links) == 1


def test_a_signature_for_one_purpose_is_none_for_another():
    signer = Signer(b"0" * 16)
    assert not signer.holds("form", "x", signer.sign("media", "x"))
