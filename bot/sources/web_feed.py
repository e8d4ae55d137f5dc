"""A feed (RSS or Atom) that lists CAP files, as the world's weather services relay them: only files of our divisions.

The national identifier begins with the division's code, so that of thousands of items few are fetched; each once.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import aiohttp

from bot.sources.cap import LARGEST, Alert, read_alert, read_cap
from bot.sources.fetching import Answer, get, refusal
from bot.sources.safe_xml import Unreadable, name_of, text_of, xml_root
from bot.sources.source import Batch, Refused, SourceError

LARGEST_FEED = 32_000_000
SLOWEST_SECONDS = 60.0
"""A feed of half a minute an answer is slow, not away."""
ROUND_SECONDS = 120.0
"""Files that were not fetched by then wait for the next look."""
AT_ONCE = 4
MOST_FILES = 300
REMEMBERED = 20_000
TRIES = 3
"""A file that could not be had so often is refused, and staff are told."""
_DATED = re.compile(r"(?<!\d)(\d{6})\d{8}_(\d{14})(?:_\d+)?(?!\d)")
_AGENT = "LouQun (warnings for residents of one community)"


@dataclass(frozen=True, slots=True)
class Item:
    """key: what it is remembered by. division, entered: of its national identifier; "" where it has none."""

    key: str
    link: str
    division: str
    entered: str
    alert: Element | None = None


@dataclass(slots=True)
class WebFeed:
    """areas: codes of the divisions that concern us; none: everything does. Files must be on the feed's own host."""

    url: str
    areas: Collection[str]
    zone: tzinfo
    every: timedelta = timedelta(minutes=3)
    name: str = ""
    slowest_seconds: float = SLOWEST_SECONDS
    _known: "OrderedDict[str, None]" = field(default_factory=OrderedDict)
    _tries: dict[str, int] = field(default_factory=dict)
    _validators: Mapping[str, str] = field(default_factory=dict)
    _next_validators: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = self.name or f"feed {urlsplit(self.url).hostname}"

    async def fetch(self, _now: datetime) -> Batch:
        timeout = aiohttp.ClientTimeout(total=self.slowest_seconds)
        async with aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": _AGENT}) as session:
            answer = await get(session, self.url, LARGEST_FEED, dict(self._validators), redirects=3)
            if answer.status == 304:
                self._next_validators = self._validators
                return Batch(())
            if answer.status != 200:
                raise refusal(answer)
            items = await asyncio.to_thread(items_of, answer.body)
            return await self._batch(session, [item for item in items if self._wanted(item)], _validators(answer))

    async def dealt_with(self, batch: Batch) -> None:
        """In the database: not fetched again. The feed's validators count only once all of it was had."""
        for key in batch.items:
            self._known[key] = None
            self._tries.pop(key, None)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        self._validators = self._next_validators

    def _wanted(self, item: Item) -> bool:
        ours = not self.areas or not item.division or item.division in self.areas
        return ours and item.key not in self._known

    async def _batch(
        self, session: aiohttp.ClientSession, wanted: Sequence[Item], validators: Mapping[str, str]
    ) -> Batch:
        """The newest first; what is left over or failed keeps the validators back, so that the next look sees it."""
        until, free = time.monotonic() + ROUND_SECONDS, asyncio.Semaphore(AT_ONCE)
        chosen = sorted(wanted, key=lambda item: item.entered, reverse=True)[:MOST_FILES]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._file(session, item, free, until)) for item in chosen]
        found = [(item, task.result()) for item, task in zip(chosen, tasks, strict=True)]
        alerts = {item.key: one for item, one in found if isinstance(one, Alert)}
        refused = [Refused(item.link[-80:], reason) for item, one in found if (reason := self._given_up(item, one))]
        given_up = [item.key for item, one in found if self._tries.get(item.key, 0) >= TRIES]
        done = [*alerts, *given_up]
        self._next_validators = validators if len(done) == len(wanted) else {}
        ours = [one.warning for one in alerts.values() if not self.areas or one.areas & set(self.areas)]
        return Batch(ours, refused, done, next((one for _, one in found if isinstance(one, SourceError)), None))

    async def _file(
        self, session: aiohttp.ClientSession, item: Item, free: asyncio.Semaphore, until: float
    ) -> Alert | SourceError | Unreadable | None:
        """None: no time was left for it."""
        async with free:
            if time.monotonic() > until:
                return None
            try:
                if item.alert is not None:
                    return read_alert(item.alert, self.zone)
                answer = await get(session, self._link(item), LARGEST, {})
                if answer.status in {404, 410}:
                    return Unreadable(f"HTTP {answer.status}")
                if answer.status != 200:
                    return refusal(answer)
                return await asyncio.to_thread(read_cap, answer.body, self.zone)
            except (SourceError, Unreadable) as error:
                return error

    def _link(self, item: Item) -> str:
        """A feed that sends us elsewhere is not followed. Raises Unreadable."""
        link, own = urlsplit(urljoin(self.url, item.link)), urlsplit(self.url)
        if link.scheme not in {"http", "https"} or (link.hostname, link.port) != (own.hostname, own.port):
            raise Unreadable(f"expected a file on {own.netloc}")
        return link.geturl()

    def _given_up(self, item: Item, found: "Alert | SourceError | Unreadable | None") -> str:
        """Half a file may be whole at the next look, and one that is listed may come later. A server that is away is
        no reason to give up."""
        if not isinstance(found, Unreadable):
            return ""
        tries = self._tries[item.key] = self._tries.get(item.key, 0) + 1
        return str(found) if tries >= TRIES else ""


def _validators(answer: Answer) -> dict[str, str]:
    tag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    return {**({"If-None-Match": tag} if tag else {}), **({"If-Modified-Since": modified} if modified else {})}


def items_of(data: bytes) -> list[Item]:
    """Of RSS, RDF or Atom. Raises SourceError."""
    try:
        root = xml_root(data, LARGEST_FEED)
    except Unreadable as error:
        raise SourceError(f"the feed: {error}") from error
    if name_of(root) not in {"rss", "RDF", "feed"}:
        raise SourceError("expected a feed in RSS or Atom")
    return list(_read_items(root))


def _read_items(root: Element) -> Iterator[Item]:
    for element in root.iter():
        if name_of(element) not in {"item", "entry"}:
            continue
        link = _link_of(element)
        id = text_of(element, "guid") or text_of(element, "id") or link
        alert = next((child for child in element.iter() if name_of(child) == "alert"), None)
        if not (link or alert is not None):
            continue
        dated = _DATED.search(id) or _DATED.search(link)
        changed = text_of(element, "updated") or text_of(element, "pubDate")
        yield Item(f"{id} {changed}", link, dated[1] if dated else "", dated[2] if dated else "", alert)


def _link_of(element: Element) -> str:
    """RSS has it as text or as an enclosure, Atom in an attribute; what is said to be CAP is taken first."""
    said = text_of(element, "link")
    links = [child for child in element if name_of(child) in {"link", "enclosure"} and _address(child)]
    links.sort(key=lambda child: not _is_cap(child))
    return _address(links[0]) if links and (_is_cap(links[0]) or not said) else said


def _address(link: Element) -> str:
    return link.get("href") or link.get("url") or ""


def _is_cap(link: Element) -> bool:
    return "cap" in (link.get("type") or "")
