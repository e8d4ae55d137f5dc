"""导出: tables for staff, in private or in the staff group, never in a building's group. Each is in the access log.

导出 待办 is a paper besides: what is open, for a night without network.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from domain.announcements import answer
from domain.exports import EXPORTS_SAID, SHEET, TITLES, Export
from domain.handling import HEADS, OFFICE, Arguments, Command, Context, Router, source_of
from domain.messages import Document, Incoming, Reply
from domain.periods import ALL, STORM, Period, called, word_in
from domain.records import Access
from domain.vocabulary import ReplyKind, Role
from domain.worklist import worklist
from handlers import accounting
from handlers.statistics import NoStorm, read_period, said
from handlers.telling import answering

USAGE = "导出 工单/待办/入户/定责/一房一案/台账 [本月或两个日期] [csv]，例如：导出 工单 8月20日 8月24日"
_CSV = re.compile(r"(?i)\.?csv(?:格式)?")
_XLSX = re.compile(r"(?i)\.?(?:xlsx?|excel)(?:格式|表格?)?|表格")
_WORDS = sorted(EXPORTS_SAID, key=len, reverse=True)


async def export(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    if called_a_storm(args.text):
        return await accounting.review(message, ctx, replace(args, text=STORM))
    text, form = _form(args.text)
    word = next((w for w in _WORDS if w in text), None)
    what = EXPORTS_SAID[word] if word else None
    if word is None or what is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    if what is Export.ACCESSES and (ctx.staff is None or ctx.staff.role not in HEADS):
        roles = [role for role in Role if role in HEADS]
        return [answer("not_allowed", answering(message, ctx), staff=True, roles=[*roles])]
    try:
        period = await _period(ctx, text.replace(word, " ", 1).strip())
    except NoStorm:
        return [answer("no_storm", answering(message, ctx), kind=ReplyKind.STATUS)]
    if period is None:
        return [answer("usage", answering(message, ctx), usage=USAGE)]
    about = f"{TITLES[what]} {said(period)}"
    by = ctx.staff.id if ctx.staff else None
    await ctx.work.accesses.note(Access(ctx.now, ctx.actor.name, "导出", about, source_of(message), by))
    return [await _reply(message, ctx, what, period, form)]


def called_a_storm(text: str) -> bool:
    """导出 本场雨 and 导出 复盘: the account, no table."""
    word, rest = word_in(text.replace("复盘", STORM, 1)) or ("", text)
    return word == STORM and not rest


def _form(text: str) -> tuple[str, str]:
    if _CSV.search(text):
        return _CSV.sub(" ", text).strip(), "csv"
    return _XLSX.sub(" ", text).strip(), "xlsx"


async def _period(ctx: Context, text: str) -> Period | None:
    return await read_period(ctx, text) if text else called(ALL, ctx.now)


async def _reply(message: Incoming, ctx: Context, what: Export, period: Period, form: str) -> Reply:
    name = f"{TITLES[what]}{ctx.now:%Y%m%d}"
    params = {
        "export": what.value, "since": period.start.isoformat(), "until": _until(period, ctx.now).isoformat(),
        "at": ctx.now.isoformat(),
    }  # fmt: skip
    table = Document(SHEET, "", {**params}, name, ("csv" if form == "csv" else "xlsx",))
    documents: tuple[Document, ...] = (table,)
    if what is Export.OPEN:
        tickets = await ctx.work.tickets.all_open()
        paper = worklist(ctx.community, tickets, ctx.now)
        documents = (Document("list", "worklist", paper, name, ("pdf",)), table)
    reply = answer(
        "exported", answering(message, ctx), kind=ReplyKind.DOCUMENT, title=TITLES[what],
        said="" if period.word == ALL else said(period), paper=what is Export.OPEN,
    )  # fmt: skip
    return replace(reply, documents=documents)


def _until(period: Period, now: datetime) -> datetime:
    """Up to the moment of the asking, so that it is the same table whenever it is sent."""
    return min(period.end, now + timedelta(microseconds=1))


router = Router(
    (
        Command(("导出", "导出表格"), USAGE, "表格和打印清单", export, OFFICE, private=True, wants_text=True),
    )
)  # fmt: skip
