"""The files of messages: fetched from the channels they came by, kept, and enclosed in what is sent."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from bot.clocks import Bell, RunningClock
from documents.photos import Repair, before_after, marked, thumbnail
from domain.announcements import Answering, answer
from domain.errors import ChannelError, DocumentFailed, MediaMissing, MediaRefused, StoreError
from domain.exports import SHEET
from domain.media import MediaStore, Press
from domain.messages import PAIR, Document, File, MediaHandle, Pair, Reply
from domain.ports import Channel, Link, Store, Texts
from domain.records import MediaRecord, MediaState
from domain.vocabulary import MediaId

MOST_ATTEMPTS = 8
LONGEST_PAUSE = 5
"""The attempt after which pauses grow no longer while the disk is full: half a minute."""
AT_ONCE = 4
POLL_SECONDS = 10.0
PRINTED_SIDE = 640
ENDINGS: Mapping[str, str] = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4", "application/pdf": "pdf"}
log = structlog.get_logger("media")


@dataclass(slots=True)
class Fetcher:
    """Fetches what people sent, in the background and again after failures. heard: new files may be waiting."""

    store: Store
    media: MediaStore
    channels: Mapping[str, Channel]
    clock: RunningClock
    heard: Bell
    spoken: Bell
    trouble: str = ""
    """why files cannot be kept just now, for the health page"""

    async def run(self) -> None:
        while True:
            try:
                busy = await self.step()
            except StoreError as error:
                log.warning("media.store_unavailable", error=str(error))
                busy = 0
            if not busy:
                await self.heard.wait(POLL_SECONDS)

    async def step(self) -> int:
        """Fetches a few files; how many were tried."""
        async with self.store.begin(self.clock.now()) as work:
            records = list(await work.media.waiting(self.clock.now(), AT_ONCE))
        if not records:
            return 0
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._fetch(record)) for record in records]
        async with self.store.begin(self.clock.now()) as work:
            for task in tasks:
                tried = task.result()
                [current] = await work.media.get([tried.id]) or [tried]
                await work.media.save(replace(tried, ticket=current.ticket))  # filed with a ticket meanwhile
                await work.outbox.put(_refusal(tried), self.clock.now())
        self.spoken.ring()
        return len(records)

    async def _fetch(self, record: MediaRecord) -> MediaRecord:
        record = replace(record, attempts=record.attempts + 1)
        try:
            file = await self._from_channel(record)
            stored = await asyncio.to_thread(self.media.put, file.data, record.kind.value, file.name or record.name)
        except MediaRefused as error:
            return replace(record, state=MediaState.FAILED, error=str(error))
        except StoreError as error:  # the disk is full, or not there: nobody's photo is given up for that
            self.trouble = str(error)
            log.warning("media.not_kept", media=record.id, attempt=record.attempts, error=str(error))
            return replace(record, attempts=min(record.attempts, LONGEST_PAUSE), error=str(error))
        except ChannelError as error:
            if self._link_down(record):  # none of the file's fault
                return replace(record, attempts=max(1, record.attempts - 1), error=str(error))
            again = error.retry and record.attempts < MOST_ATTEMPTS
            log.warning("media.failed", media=record.id, attempt=record.attempts, again=again, error=str(error))
            return replace(record, error=str(error), state=MediaState.WAITING if again else MediaState.FAILED)
        self.trouble = ""
        return replace(
            record, state=MediaState.STORED, digest=stored.digest, mime=stored.mime, size=stored.size, error=""
        )

    def _link_down(self, record: MediaRecord) -> bool:
        channel = self.channels.get(record.chat.channel)
        return channel is not None and channel.health().link is not Link.UP

    async def _from_channel(self, record: MediaRecord) -> File:
        channel = self.channels.get(record.chat.channel)
        if channel is None:
            raise ChannelError(f"channel {record.chat.channel} is not configured any more", retry=False)
        return await channel.fetch(MediaHandle(record.handle, record.name))


def _refusal(record: MediaRecord) -> list[Reply]:
    """Who sent a file for a ticket hears that it cannot be used, and why; other files are nobody's business."""
    unusable = record.state is MediaState.FAILED and record.ticket is not None and record.error.startswith("“")
    if not unusable or record.ticket is None:
        return []
    to = Answering(record.chat, record.sender, "", record.message)
    reply = answer("photo_refused", to, number=record.ticket, reason=record.error)
    return [replace(reply, tickets=(record.ticket,), dedupe_key=f"refused:{record.id}", mentions=())]


@dataclass(slots=True)
class Enclosing:
    """Files for outgoing messages: what people sent, papers that are drawn now, tables that are read now."""

    store: Store
    media: MediaStore
    clock: RunningClock
    press: Press
    texts: Texts
    tables: Callable[[Document], Awaitable[File]]

    async def stamped(self, files: Sequence[File], mark: str) -> tuple[File, ...]:
        """With the mark on every photo; what cannot be stamped carries it in its name."""
        found: list[File] = []
        for file in files:
            if file.mime == "image/jpeg":
                with suppress(MediaRefused):
                    file = replace(file, data=await asyncio.to_thread(marked, file.data, mark))
            found.append(replace(file, name=f"{mark}-{file.name}"))
        return tuple(found)

    async def drawn(self, documents: Sequence[Document], mark: str = "") -> tuple[tuple[File, ...], str]:
        """In order, and a remark for the text: a paper that cannot be drawn must not hold back its message."""
        files: list[File] = []
        failed = 0
        for document in documents:
            try:
                files += await self._made(replace(document, mark=mark))
            except DocumentFailed as error:
                failed += 1
                log.error("document.failed", document=document.name, error=str(error))  # noqa: TRY400  its text says all
        return tuple(files), f"（有{failed}份文件没能做出来）" if failed else ""

    async def _made(self, document: Document) -> Sequence[File]:
        if document.layout == SHEET:
            return [await self.tables(document)]
        pictures = [await self._picture(pair) for pair in document.pairs]
        if document.layout == PAIR:
            if None in pictures:
                raise DocumentFailed("neither of the two photos is there")
            return [picture for picture in pictures if picture]
        words = self.texts.render(document.template, document.params)
        shown = [*(p.data if p else None for p in pictures), *await self._photos(document)]
        return await asyncio.to_thread(self.press, document, words, shown)

    async def _photos(self, document: Document) -> list[bytes | None]:
        """Small copies of those that its paper shows alone; None for what is no picture or not there."""
        if not document.photos:
            return []
        async with self.store.begin(self.clock.now()) as work:
            records = {record.id: record for record in await work.media.get(document.photos)}
        found = [await self._file(records[id]) if id in records else None for id in document.photos]
        return [await asyncio.to_thread(_small, file) if file else None for file in found]

    async def _picture(self, pair: Pair) -> File | None:
        """The photo of now alone where the other one cannot be had; None where neither can."""
        async with self.store.begin(self.clock.now()) as work:
            records = await work.media.get([pair.before, pair.after])
        before, after = [
            await self._file(record) if record else None
            for record in (next((r for r in records if r.id == id), None) for id in (pair.before, pair.after))
        ]
        if before is None or after is None:
            return after
        try:
            data = await asyncio.to_thread(
                before_after, before.data, after.data, Repair(pair.number, pair.place, pair.minutes)
            )
        except MediaRefused as error:
            log.warning("media.no_pair", ticket=pair.number, error=str(error))
            return after
        return File(f"{pair.number}-{after.name}", "image/jpeg", data)

    async def files(
        self, ids: Sequence[MediaId], documents: Sequence[Document] = (), *, patient: bool
    ) -> tuple[tuple[File, ...] | None, str]:
        """In order, and a remark for the text when some are not there; None while one is still on its way and the
        post can wait for it. documents: what shows photos as well."""
        paired = [id for document in documents for pair in document.pairs for id in (pair.before, pair.after)]
        if not ids and not paired:
            return (), ""
        async with self.store.begin(self.clock.now()) as work:
            records = await work.media.get(ids)
            besides = await work.media.get(paired)
        if patient and any(record.state is MediaState.WAITING for record in (*records, *besides)):
            return None, ""
        files = [file for record in records if (file := await self._file(record)) is not None]
        missing = len(ids) - len(files)
        return tuple(files), f"（有{missing}个文件没能取到）" if missing else ""

    async def _file(self, record: MediaRecord) -> File | None:
        if record.state is not MediaState.STORED:
            return None
        try:
            data = await asyncio.to_thread(self.media.get, record.digest)
        except (MediaMissing, StoreError) as error:
            log.warning("media.unreadable", media=record.id, error=str(error))
            return None
        ending = ENDINGS.get(record.mime, "bin")
        return File(f"{record.digest[:16]}.{ending}", record.mime, data, record.id)


def _small(file: File) -> bytes | None:
    try:
        return thumbnail(file.data, PRINTED_SIDE)
    except MediaRefused:
        return None
