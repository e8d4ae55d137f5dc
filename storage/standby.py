"""What is watched over while a storm is open, inside a unit of work."""

from collections.abc import Sequence
from dataclasses import replace

from domain.standby import Answer, Due, Watch
from domain.vocabulary import StaffId
from storage.moments import Moments, stored
from storage.shelf import Shelf
from storage.statements import Record, Statements
from storage.storm_tables import storm_answers, storm_dues
from storage.transaction import Transaction


class SqlStandby:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        moments = transaction.moments
        self._dues: Shelf[Due] = Shelf(transaction, storm_dues, _due_row, lambda row: _due(row, moments))
        self._answers: Shelf[Answer] = Shelf(transaction, storm_answers, _answer_row, lambda row: _answer(row, moments))

    async def put(self, due: Due) -> Due:
        due = replace(due, id=due.id or self._next())
        self._dues.put(due.id, due)
        return due

    async def dues(self) -> Sequence[Due]:
        return await self._dues.which(storm_dues.c.due_at.is_not(None), lambda due: due.due_at is not None)

    async def answer(self, answer: Answer) -> None:
        self._answers.put(self._next(), answer)

    async def answers(self, storm: int) -> Sequence[Answer]:
        return await self._answers.which(storm_answers.c.storm == storm, lambda answer: answer.storm == storm)

    def flush(self, statements: Statements) -> None:
        self._dues.flush(statements)
        self._answers.flush(statements)

    def _next(self) -> int:
        return self._transaction.counters.next("last_storm")


def _due_row(due: Due) -> dict[str, object]:
    return {
        "storm": due.storm, "what": due.what.value, "due_at": stored(due.due_at), "step": due.step,
        "said": dict(due.said),
    }  # fmt: skip


def _due(row: Record, moments: Moments) -> Due:
    return Due(row.storm, Watch(row.what), moments.maybe(row.due_at), row.step, row.said, row.id)


def _answer_row(answer: Answer) -> dict[str, object]:
    return {
        "storm": answer.storm, "staff": answer.staff, "at": stored(answer.at), "item": answer.item,
        "words": answer.words, "done": answer.done,
    }  # fmt: skip


def _answer(row: Record, moments: Moments) -> Answer:
    return Answer(row.storm, StaffId(row.staff), moments.at(row.at), row.item, row.words, row.done, row.id)
