"""Which groups were reached, and when staff are told of those that were not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.mailings import (
    FORGOTTEN_AFTER,
    LOOKED_AT_AFTER,
    WAITED_FOR,
    Fate,
    Mailing,
    Post,
    Sort,
    again,
    begun,
    belongs,
    looked_at,
    tally,
    with_again,
)
from domain.messages import Chat, Reply
from tests.domain.values import NOW

A, B, C = (Chat("c", id) for id in "abc")
MINUTE = timedelta(minutes=1)


def post(chat: Chat, fate: Fate, key: str = "broadcast:1") -> Post:
    return Post(Reply(chat, "broadcast", {"text": chat.id}, dedupe_key=key), fate)


MAILING = Mailing(Sort.BROADCAST, "停水", ("broadcast:1",), (A, B, C), NOW, NOW + LOOKED_AT_AFTER, number=3)


def test_the_best_of_a_chats_posts_counts_and_what_was_never_put_failed():
    found = tally(MAILING, [post(A, Fate.FAILED), post(A, Fate.SENT, "again"), post(B, Fate.DROPPED)])
    assert found.fates == {A: Fate.SENT, B: Fate.DROPPED, C: Fate.FAILED}
    assert (found.reached, found.total) == (1, 2)


@pytest.mark.parametrize(
    "fates, minutes, tell, ends",
    [
        ([Fate.SENT, Fate.SENT, Fate.SENT], 1, False, True),
        ([Fate.SENT, Fate.SENT, Fate.DROPPED], 1, False, True),
        ([Fate.SENT, Fate.SENT, Fate.FAILED], 1, True, True),
        ([Fate.SENT, Fate.SENT, Fate.UNSURE], 1, True, True),
        ([Fate.SENT, Fate.WAITING, Fate.FAILED], 1, False, False),
        ([Fate.SENT, Fate.WAITING, Fate.FAILED], 30, True, False),
        ([Fate.SENT, Fate.SENT, Fate.WAITING], 29, False, False),
        ([Fate.SENT, Fate.SENT, Fate.WAITING], 31, True, False),
        ([Fate.SENT, Fate.SENT, Fate.WAITING], 12 * 60, True, True),
    ],
)
def test_when_staff_are_told(fates: list[Fate], minutes: int, tell: bool, ends: bool):
    now = NOW + minutes * MINUTE
    look = looked_at(MAILING, tally(MAILING, [post(c, f) for c, f in zip((A, B, C), fates, strict=True)]), now)
    assert (look.tell, look.mailing.due_at is None) == (tell, ends)
    assert look.mailing.due_at is None or look.mailing.due_at > now
    assert WAITED_FOR < FORGOTTEN_AFTER


def test_the_same_number_is_told_once():
    found = tally(MAILING, [post(A, Fate.SENT), post(B, Fate.SENT), post(C, Fate.WAITING)])
    first = looked_at(MAILING, found, NOW + WAITED_FOR)
    assert first.tell
    assert not looked_at(first.mailing, found, NOW + 2 * WAITED_FOR).tell


def test_again_goes_to_the_chats_named_in_the_same_words_under_another_key():
    posts = [post(A, Fate.SENT), post(B, Fate.FAILED)]
    changed, [reply] = again(replace(MAILING, due_at=None, told=1), posts, [B], NOW)
    assert (reply.chat, reply.params, reply.dedupe_key) == (B, {"text": "b"}, "broadcast:1:again:1")
    assert changed.keys == ("broadcast:1", "broadcast:1:again:1")
    assert changed.due_at == NOW + LOOKED_AT_AFTER
    assert set(changed.keys) <= set(with_again(MAILING.keys))


def test_a_mailing_begins_with_the_posts_of_one_key():
    replies = [post(A, Fate.SENT).reply, Reply(B, "other"), post(C, Fate.SENT).reply]
    mailing = begun(Sort.PLAN, "停水", replies, NOW)
    assert mailing is not None
    assert (mailing.chats, mailing.keys) == ((A, C), ("broadcast:1",))
    assert begun(Sort.PLAN, "停水", [], NOW) is None


@pytest.mark.parametrize(
    "key, private, expected",
    [("broadcast:1", False, True), ("warning:k:everybody", False, True), ("storm:1:over", False, False),
     (None, False, False), ("broadcast:1", True, False)],
)  # fmt: skip
def test_what_needs_no_task_of_its_own(key: str | None, private: bool, expected: bool):
    assert belongs(Reply(replace(A, private=private), "broadcast", dedupe_key=key)) == expected
