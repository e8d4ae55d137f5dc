"""A message that did not arrive, or perhaps did not, becomes a task among staff and never a post to a building."""

import pytest

from benchmarks.community import community
from bot.config import Config
from bot.roster import community_of
from bot.texts import TextFile, compose
from bot.undelivered import tasks_for_staff
from domain.messages import Chat, Reply
from domain.records import Claim, Delivered, DeliveryState, OutboxRow
from domain.vocabulary import TicketNumber
from tests.moments import NOON

TOWN = community_of(Config.model_validate(community(2)))
GROUP, STAFF = Chat("console", "g1"), Chat("console", "gstaff")
PERSON = Chat("console", "r1", private=True)


def ended(chat: Chat, state: DeliveryState) -> Delivered:
    row = OutboxRow(7, Reply(chat, "thanks_closed", {"secret": "502"}, tickets=(TicketNumber(3),)), NOON)
    return Delivered(Claim(chat, 1, (row,), ()), state, (7,), NOON, error="refused")


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.UNKNOWN])
@pytest.mark.parametrize("chat", [PERSON, GROUP])
def test_staff_are_asked_to_pass_it_on(chat: Chat, state: DeliveryState):
    [task] = tasks_for_staff([ended(chat, state)], TOWN)
    text = compose([OutboxRow(8, task, NOON)], TextFile()).text
    assert task.chat == STAFF
    assert "#3" in text
    assert ("私信" in text) is chat.private
    assert ("也可能送到了" in text) is (state is DeliveryState.UNKNOWN)
    assert "502" not in text


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.WAIT, DeliveryState.RETRY])
def test_what_went_out_or_is_tried_again_is_no_task(state: DeliveryState):
    assert tasks_for_staff([ended(PERSON, state)], TOWN) == []


def test_what_staff_themselves_were_not_told_makes_no_task_without_end():
    assert tasks_for_staff([ended(STAFF, DeliveryState.DEAD)], TOWN) == []
