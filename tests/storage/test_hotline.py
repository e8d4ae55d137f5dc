"""Orders of the hotline: one row for each number, whoever writes it, as often as they do."""

from dataclasses import replace

import pytest

from domain.records import HotlineOrder
from domain.vocabulary import StaffId, TicketNumber
from tests.storage.values import MINUTE, NOW

ORDER = HotlineOrder("20210824031", NOW, StaffId("zhao"), "漏水没人管 🌊", (TicketNumber(3), TicketNumber(1)))


async def save(database, *orders):
    async with database.store.begin(NOW) as work:
        for order in orders:
            await work.hotline.save(order)


async def test_an_order_comes_back_as_it_was(database, other_process):
    await save(database, ORDER, HotlineOrder("B-7", NOW, None, ""))
    async with other_process.store.begin(NOW) as work:
        assert await work.hotline.get("20210824031") == ORDER
        assert await work.hotline.get("B-7") == HotlineOrder("B-7", NOW, None, "")
        assert await work.hotline.get("unknown") is None


async def test_the_same_number_is_one_order(database, other_process):
    await save(database, ORDER)
    await save(other_process, replace(ORDER, words="more", tickets=()))
    async with database.store.begin(NOW) as work:
        assert await work.hotline.since(NOW) == [replace(ORDER, words="more", tickets=())]
    assert await database.read_models.hotline_orders() == 1


async def test_orders_are_listed_by_time_those_of_this_commit_too(database):
    await save(database, replace(ORDER, order="late", at=NOW + MINUTE), replace(ORDER, order="old", at=NOW - MINUTE))
    async with database.store.begin(NOW) as work:
        await work.hotline.save(ORDER)
        assert [order.order for order in await work.hotline.since(NOW)] == ["20210824031", "late"]


async def save_and_fail(work):
    async with work.step():
        await work.hotline.save(ORDER)
        raise RuntimeError("broken")


async def test_a_failed_step_leaves_no_order(database):
    async with database.store.begin(NOW) as work:
        with pytest.raises(RuntimeError, match="broken"):
            await save_and_fail(work)
        assert await work.hotline.get(ORDER.order) is None
    assert await database.read_models.hotline_orders() == 0
