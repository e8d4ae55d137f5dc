"""What can be taken out as a spreadsheet: each with its Chinese columns and how a row comes about.

Full data, for staff only: whoever asks for it stands in the access log.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from bot.roster import as_it_is
from documents.sheets import Column, Row, Writer, writer
from domain.exports import Export
from domain.home_plans import NOTHING, RULING_NAMES, assessments, notes, rulings, said, steps, visits
from domain.messages import Document, File, Json
from domain.ports import ReadModels, Store
from domain.privacy import KIND_WORDS
from domain.records import Access, HotlineOrder
from domain.roster import PLACE_NAMES, Community
from domain.statistics import Case
from domain.tickets import STATUS_NAMES, Ticket, TicketEvent, What
from domain.understanding import Location
from domain.vocabulary import Scope, TicketNumber, Urgency

PAGE = 1000
MIMES: Mapping[str, str] = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".csv": "text/csv",
}  # fmt: skip
URGENCY_NAMES: Mapping[Urgency, str] = {Urgency.EMERGENCY: "紧急", Urgency.URGENT: "加急", Urgency.NORMAL: "普通"}
SCOPE_NAMES: Mapping[Scope, str] = {Scope.HOUSEHOLD: "住户", Scope.PUBLIC: "公共"}
NUMBER, TIME, WORDS = 8, 17, 36
Rows = Callable[[Case, Community], Iterator[Row]]
_HOME = (Column("楼栋", 10), Column("单元", NUMBER), Column("房号", NUMBER))
_TICKET = (
    Column("单号", NUMBER), Column("状态", 10), Column("类别", 10), Column("范围", NUMBER), Column("紧急程度", 10),
    *_HOME, Column("楼层", NUMBER), Column("位置", 10), Column("报修内容", WORDS), Column("报修人", 16),
    Column("报修人数", 10), Column("报修时间", TIME), Column("回执时间", TIME), Column("接单时间", TIME),
    Column("到场时间", TIME), Column("处理时间", TIME), Column("确认时间", TIME), Column("接单分钟", 10),
    Column("到场分钟", 10), Column("处理分钟", 10), Column("负责人", 10), Column("约定时间", TIME), Column("定责", 10),
    Column("并入单号", 10), Column("照片数", NUMBER),
)  # fmt: skip


def _ticket_rows(case: Case, community: Community) -> Iterator[Row]:
    ticket, where, clocks = case.ticket, case.ticket.location, case.ticket.clocks
    worker = community.staff.get(ticket.assignee) if ticket.assignee else None
    yield [
        ticket.number, STATUS_NAMES[ticket.status], KIND_WORDS[ticket.kind], SCOPE_NAMES[ticket.scope],
        URGENCY_NAMES[ticket.urgency], *_home(ticket, community), where.floor,
        PLACE_NAMES[where.place] if where.place else "", ticket.words, "、".join(r.name for r in ticket.reporters),
        len(ticket.reporters), clocks.reported, clocks.acknowledged, clocks.accepted, clocks.arrived, clocks.cleared,
        clocks.confirmed, _minutes(ticket, clocks.accepted), _minutes(ticket, clocks.arrived),
        _minutes(ticket, clocks.cleared), worker.name if worker else "", ticket.next_at,
        RULING_NAMES[ticket.ruling] if ticket.ruling else "", ticket.merged_into, len(ticket.media),
    ]  # fmt: skip


def _home(ticket: Ticket, community: Community) -> list[str]:
    where = ticket.location
    return [community.building_name(where.building), where.unit or "", where.room or ""]


def _minutes(ticket: Ticket, at: datetime | None) -> int | None:
    return None if at is None else max(0, int((at - ticket.clocks.begun).total_seconds() // 60))


def _open_rows(case: Case, community: Community) -> Iterator[Row]:
    if case.ticket.open:
        yield from _ticket_rows(case, community)


_VISIT = (
    Column("单号", NUMBER), Column("时间", TIME), *_HOME, Column("上门的人", 10), Column("见到人", NUMBER),
    Column("第几次没人", 10), Column("所见", WORDS), Column("约下次", TIME),
)  # fmt: skip


def _visit_rows(case: Case, community: Community) -> Iterator[Row]:
    for event in _of(case, What.VISITED):
        met = event.details.get("met") is not False
        yield [
            event.ticket, event.at, *_home(case.ticket, community), event.by.name, met,
            None if met else _number(event.details.get("attempt")), said(event, "words"), _when(event, "next_at"),
        ]  # fmt: skip


_RULING = (
    Column("单号", NUMBER), Column("时间", TIME), *_HOME, Column("结论", 10), Column("建议还是决定", 12),
    Column("依据", WORDS), Column("谁定的", 10),
)  # fmt: skip


def _ruling_rows(case: Case, community: Community) -> Iterator[Row]:
    for event in _of(case, What.RULED):
        ruling = said(event, "ruling")
        yield [
            event.ticket, event.at, *_home(case.ticket, community), RULING_NAMES.get(ruling, ruling),
            "建议" if event.details.get("proposal") else "决定", said(event, "basis"), event.by.name,
        ]  # fmt: skip


_PLAN = (
    Column("单号", NUMBER), *_HOME, Column("此前的单", 14), Column("位置", 10), Column("报修内容", WORDS),
    Column("报修时间", TIME), Column("到场时间", TIME), Column("上门次数", 10), Column("没人次数", 10),
    Column("查勘时间", TIME), Column("查勘人", 10), Column("原因和方案", WORDS), Column("措施", WORDS),
    Column("处理时间", TIME), Column("约定时间", TIME), Column("定责", 10), Column("依据", WORDS), Column("状态", 10),
    Column("照片数", NUMBER), Column("备注（只给同事）", WORDS), Column("住户签字", 14), Column("物业签字", 14),
    Column("社区签字", 14),
)  # fmt: skip


def _plan_rows() -> Rows:
    """一房一案: homes only; the last look at it counts, and everything that was done. Tickets come by number, so that
    each knows what its home had before."""
    seen: dict[Location, list[str]] = {}

    def rows(case: Case, community: Community) -> Iterator[Row]:
        ticket = case.ticket
        if ticket.scope is not Scope.HOUSEHOLD or ticket.status in NOTHING:
            return
        where = ticket.location
        before = seen.setdefault(Location(where.building, where.unit, where.room), []) if where.room else []
        yield _plan(case, community, before)
        before.append(f"#{ticket.number}")

    return rows


def _plan(case: Case, community: Community, before: Sequence[str]) -> Row:
    ticket, clocks, place = case.ticket, case.ticket.clocks, case.ticket.location.place
    looked, _ = next(reversed(list(assessments(case))), (None, None))
    seen = [facts["met"] for _, facts in visits(case)]
    ruled = next((event for event, facts in reversed(list(rulings(case))) if not facts["proposal"]), None)
    return [
        ticket.number, *_home(ticket, community), "、".join(before), PLACE_NAMES[place] if place else "", ticket.words,
        clocks.reported, clocks.arrived, len(seen), seen.count(False),
        looked.at if looked else None, looked.by.name if looked else "", said(looked, "words") if looked else "",
        "；".join(str(facts["words"]) for _, facts in steps(case)), clocks.cleared, ticket.next_at,
        RULING_NAMES[ticket.ruling] if ticket.ruling else "", said(ruled, "basis") if ruled else "",
        STATUS_NAMES[ticket.status], len(ticket.media), "；".join(str(facts["words"]) for _, facts in notes(case)),
        "", "", "",
    ]  # fmt: skip


def _of(case: Case, what: What) -> Iterator[TicketEvent]:
    return (event for event in case.events if event.what is what)


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) else None


def _when(event: TicketEvent, name: str) -> datetime | None:
    words = said(event, name)
    return datetime.fromisoformat(words) if words else None


_LEDGER = (
    Column("工单号", 18), Column("登记时间", TIME), Column("登记人", 10), Column("诉求", WORDS), Column("对应单号", 14),
    Column("群里早知道", 12),
)  # fmt: skip
_ACCESS = (
    Column("时间", TIME), Column("谁", 12), Column("做了什么", 14), Column("对什么", WORDS), Column("从哪里", 30),
)  # fmt: skip


def _order_row(order: HotlineOrder, community: Community) -> Row:
    by = community.staff.get(order.by) if order.by else None
    numbers = "、".join(f"#{number}" for number in order.tickets)
    return [order.order, order.at, by.name if by else "", order.words, numbers, bool(order.tickets)]


def _access_row(access: Access) -> Row:
    return [access.at, access.who, access.what, access.about, access.source]


OF_TICKETS: Mapping[Export, tuple[str, Sequence[Column], Callable[[], Rows]]] = {
    Export.TICKETS: ("工单", _TICKET, lambda: _ticket_rows),
    Export.OPEN: ("待办", _TICKET, lambda: _open_rows),
    Export.VISITS: ("入户", _VISIT, lambda: _visit_rows),
    Export.RULINGS: ("定责", _RULING, lambda: _ruling_rows),
    Export.PLANS: ("一房一案", _PLAN, _plan_rows),
}
OTHERS: Mapping[Export, tuple[str, Sequence[Column]]] = {
    Export.LEDGER: ("12345台账", _LEDGER),
    Export.ACCESSES: ("访问记录", _ACCESS),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """suffix: .xlsx or .csv. at: when it was asked for."""

    export: Export
    since: datetime
    until: datetime
    suffix: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Exporter:
    """Reads beside the work, page by page."""

    read_models: ReadModels
    store: Store
    community: Community

    async def write(self, wanted: Wanted, sheet: Writer) -> AsyncIterator[int]:
        """Adds everything to the sheet; yields after each page how many tickets or lines it held."""
        async with self.store.begin(wanted.at) as work:
            community = await as_it_is(self.community, work, wanted.at)
        if wanted.export in OTHERS:
            rows = await self._others(wanted, community)
            sheet.add(rows)
            yield len(rows)
            return
        made = OF_TICKETS[wanted.export][2]()
        after = TicketNumber(0)
        while page := await self.read_models.cases(after, PAGE, wanted.since, wanted.until):
            await asyncio.to_thread(sheet.add, [row for case in page for row in made(case, community)])
            after = page[-1].ticket.number
            yield len(page)

    async def _others(self, wanted: Wanted, community: Community) -> list[Row]:
        if wanted.export is Export.LEDGER:
            orders = await self.read_models.ledger(wanted.since, wanted.until)
            return [_order_row(order, community) for order in orders]
        return [_access_row(access) for access in await self.read_models.accesses(wanted.since, wanted.until)]

    async def file(self, document: Document) -> File:
        """For a message: the parameters of its document say what and of which time."""
        params = document.params
        since, until, at = (datetime.fromisoformat(str(params[name])) for name in ("since", "until", "at"))
        wanted = Wanted(Export(str(params["export"])), since, until, f".{document.formats[0]}", at)
        sheet, out = begun(wanted, ZoneInfo(self.community.timezone)), BytesIO()
        async for _ in self.write(wanted, sheet):
            pass
        await asyncio.to_thread(sheet.save, out)
        return File(f"{document.name}{wanted.suffix}", MIMES[wanted.suffix], out.getvalue())


def begun(wanted: Wanted, zone: ZoneInfo) -> Writer:
    if wanted.export in OTHERS:
        title, columns = OTHERS[wanted.export]
    else:
        title, columns, _ = OF_TICKETS[wanted.export]
    return writer(wanted.suffix, title, columns, wanted.at.astimezone(zone))
