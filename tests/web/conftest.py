"""A town that listens on a free port, and a real browser."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Error, async_playwright

from tests.web.town import Town, town

_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path / "console") as here:
        yield here


@pytest.fixture(scope="session")
def chromium() -> str | None:
    """The system's; None when only playwright's own can be there."""
    return next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)


@pytest.fixture
async def browser(chromium: str | None) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=chromium, args=_SWITCHES)
        except Error as error:
            pytest.fail(f"these tests need Chromium: apt-get install chromium, or -m 'not browser' ({error.message})")
        yield browser
        await browser.close()
