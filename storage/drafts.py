"""What waits for somebody's 确认, and the broadcasts for later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.drafts import Draft, DraftKind
from domain.messages import Chat, Person
from domain.plans import Every, Plan
from domain.vocabulary import BuildingId, StaffId
from storage.moments import Moments, stored
from storage.shelf import Shelf
from storage.statements import Record, Statements
from storage.storm_tables import drafts, plans
from storage.transaction import Transaction


class SqlDrafts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._shelf: Shelf[Draft] = Shelf(transaction, drafts, _draft_row, self._draft)

    async def put(self, draft: Draft) -> None:
        id = draft.id or self._transaction.counters.next("last_storm")
        self._shelf.put(id, replace(draft, id=id))

    async def of(self, chat: Chat, person: Person, since: datetime) -> Sequence[Draft]:
        c = drafts.c
        theirs = (c.channel == person.channel, c.person == person.id, c.chat == chat.id, c.private == chat.private)
        where = (c.ended_at.is_(None)) & (c.made_at > stored(since)) & theirs[0] & theirs[1] & theirs[2] & theirs[3]
        found = await self._shelf.which(
            where, lambda d: d.chat == chat and d.person == person and d.ended_at is None and d.made_at > since
        )
        return found[::-1]

    def flush(self, statements: Statements) -> None:
        self._shelf.flush(statements)

    def _draft(self, row: Record) -> Draft:
        at = self._transaction.moments
        return Draft(
            Chat(row.channel, row.chat, row.private), Person(row.channel, row.person), DraftKind(row.kind), row.content,
            at.at(row.made_at), at.maybe(row.ended_at), row.id,
        )  # fmt: skip


def _draft_row(draft: Draft) -> dict[str, object]:
    return {
        "channel": draft.chat.channel,
        "chat": draft.chat.id,
        "private": draft.chat.private,
        "person": draft.person.id,
        "kind": draft.kind.value,
        "content": dict(draft.content),
        "made_at": stored(draft.made_at),
        "ended_at": stored(draft.ended_at),
    }


class SqlPlans:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._shelf: Shelf[Plan] = Shelf(transaction, plans, _plan_row, lambda row: _plan(row, transaction.moments))

    async def put(self, plan: Plan) -> Plan:
        plan = replace(plan, number=plan.number or self._transaction.counters.next("last_plan"))
        self._shelf.put(plan.number, plan)
        return plan

    async def coming(self) -> Sequence[Plan]:
        found = await self._shelf.which(plans.c.due_at.is_not(None), lambda plan: plan.due_at is not None)
        return sorted(found, key=lambda plan: (plan.due_at or plan.first_at, plan.number))

    async def scheduled(self) -> Sequence[Plan]:
        return await self._shelf.which(plans.c.schedule != "", lambda plan: bool(plan.schedule))

    def flush(self, statements: Statements) -> None:
        self._shelf.flush(statements)


def _plan_row(plan: Plan) -> dict[str, object]:
    return {
        "text": plan.text,
        "buildings": list(plan.buildings),
        "every": plan.every.value,
        "first_at": stored(plan.first_at),
        "due_at": stored(plan.due_at),
        "by_staff": plan.by,
        "made_at": stored(plan.made_at),
        "schedule": plan.schedule,
        "spec": plan.spec,
    }


def _plan(row: Record, moments: Moments) -> Plan:
    return Plan(
        row.text, tuple(BuildingId(b) for b in row.buildings), Every(row.every), moments.at(row.first_at),
        moments.maybe(row.due_at), StaffId(row.by_staff), moments.at(row.made_at), row.number,
        row.schedule, row.spec,
    )  # fmt: skip
