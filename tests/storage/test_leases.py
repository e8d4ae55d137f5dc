"""One holder at a time; a token tells a late one from the present one."""

from tests.storage.values import MINUTE, NOW, SECOND


async def test_one_holder_at_a_time(database, other_process):
    token = await database.leases.acquire("account", "a", NOW, MINUTE)
    assert token is not None
    assert await other_process.leases.acquire("account", "b", NOW + MINUTE - SECOND, MINUTE) is None
    assert await other_process.leases.holder("account") == "a"


async def test_the_holder_renews_with_the_same_token(database, other_process):
    token = await database.leases.acquire("account", "a", NOW, MINUTE)
    assert await database.leases.acquire("account", "a", NOW + 30 * SECOND, MINUTE) == token
    assert await other_process.leases.acquire("account", "b", NOW + MINUTE, MINUTE) is None


async def test_one_that_ran_out_is_free_and_the_token_grows(database, other_process):
    first = await database.leases.acquire("account", "a", NOW, MINUTE)
    second = await other_process.leases.acquire("account", "b", NOW + MINUTE, MINUTE)
    assert first is not None
    assert second is not None
    assert second > first
    assert await database.leases.acquire("account", "a", NOW + MINUTE, MINUTE) is None
    assert await database.leases.holder("account") == "b"


async def test_a_holder_that_let_it_run_out_gets_a_new_token(database):
    first = await database.leases.acquire("account", "a", NOW, MINUTE)
    second = await database.leases.acquire("account", "a", NOW + MINUTE, MINUTE)
    assert first is not None
    assert second is not None
    assert second > first


async def test_a_released_one_is_free_at_once(database, other_process):
    first = await database.leases.acquire("account", "a", NOW, MINUTE)
    await database.leases.release("account", "a")
    second = await other_process.leases.acquire("account", "b", NOW, MINUTE)
    assert first is not None
    assert second is not None
    assert second > first


async def test_nobody_releases_what_somebody_else_holds(database, other_process):
    await database.leases.acquire("account", "a", NOW, MINUTE)
    await other_process.leases.release("account", "b")
    assert await other_process.leases.acquire("account", "b", NOW, MINUTE) is None


async def test_names_are_apart_and_an_unknown_one_has_no_holder(database):
    assert await database.leases.holder("account") is None
    await database.leases.release("account", "a")
    await database.leases.acquire("account", "a", NOW, MINUTE)
    assert await database.leases.acquire("other", "b", NOW, MINUTE) is not None
    assert (await database.leases.holder("account"), await database.leases.holder("other")) == ("a", "b")
