"""Messages on their way into the inbox: numbered in the order in which they become durable, each only once."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select, tuple_, update

from domain.errors import StoreError
from domain.messages import Incoming
from storage.columns import padded, storable
from storage.statements import Statements, Values
from storage.tables import arrivals, inbox
from storage.talk_memory import MessageKey

_INSERT = insert(inbox)
_MINE = arrivals.c.community == bindparam("of_community")
_LAST = select(arrivals.c.last_inbox).where(_MINE).with_for_update()
_ARRIVED = update(arrivals).where(_MINE).values(last_inbox=bindparam("last"))
_KNOWN = select(inbox.c.channel, inbox.c.external_id).where(
    inbox.c.community == bindparam("of_community"),
    tuple_(inbox.c.channel, inbox.c.external_id).in_(bindparam("keys", expanding=True)),
)


def last_id(statements: Statements, community: str) -> int:
    """Locks the arrivals: ids grow in the order in which messages become durable."""
    return statements.number(_LAST, {"of_community": community}) or 0


def add(statements: Statements, community: str, rows: Sequence[Values], last: int) -> None:
    """last: the id before theirs."""
    statements.run_many(_INSERT, rows)
    if rows:
        statements.run_many(_ARRIVED, [{"of_community": community, "last": last + len(rows)}])


def check_last(statements: Statements, community: str, last: int) -> None:
    """Raises StoreError where more became durable since ``last`` was read, as it may where reading locks nothing."""
    if last_id(statements, community) != last:
        raise StoreError("other messages became durable meanwhile; these are put into the inbox behind them")


def new(statements: Statements, community: str, messages: Sequence[Incoming]) -> list[tuple[Incoming, bool]]:
    """Without duplicates of what is there, and of each other. False: not a message, but the place of one that was
    taken back before it came; when it comes it dies there."""
    keys = [_key(message.channel, message.external_id) for message in messages]
    recalls = [_key(message.channel, message.recalls) for message in messages if message.recalls]
    wanted = {"of_community": community, "keys": padded([*dict.fromkeys([*keys, *recalls])])}
    known = {(row.channel, row.external_id) for row in statements.rows(_KNOWN, wanted)}
    found: list[tuple[Incoming, bool]] = []
    for key, message in zip(keys, messages, strict=True):
        if key in known:
            continue
        gone = _key(message.channel, message.recalls) if message.recalls else key
        if gone not in {*known, key}:
            found.append((message, False))
        found.append((message, True))
        known |= {key, gone}
    return found


def _key(channel: str, id: str) -> MessageKey:
    return storable(channel), storable(id)
