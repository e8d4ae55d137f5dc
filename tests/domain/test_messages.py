from datetime import datetime

import pytest

from domain.errors import NaiveTime
from domain.messages import Chat, Incoming, Person
from domain.vocabulary import Urgency
from tests.domain.values import GROUP, NOW, RESIDENT


def heard(chat: Chat, *, mentions_bot: bool = False) -> Incoming:
    return Incoming("console", "e1", chat, RESIDENT, NOW, mentions_bot=mentions_bot)


@pytest.mark.parametrize(
    "message, addressed",
    [
        pytest.param(heard(GROUP), False, id="said in a group"),
        pytest.param(heard(GROUP, mentions_bot=True), True, id="said to the bot in a group"),
        pytest.param(heard(Chat.with_person(RESIDENT)), True, id="said in private"),
    ],
)
def test_whom_a_message_addresses(message: Incoming, addressed: bool):
    assert message.addressed is addressed


def test_a_time_without_offset_is_refused():
    with pytest.raises(NaiveTime, match=r"Incoming\.at must carry a UTC offset"):
        Incoming("console", "e1", GROUP, RESIDENT, datetime(2021, 8, 23, 21, 58))  # noqa: DTZ001  the case itself


def test_a_private_chat_is_not_a_group_of_the_same_id():
    assert Chat.with_person(Person("console", "g3")) != GROUP


def test_urgencies_are_ranked():
    assert sorted(Urgency, key=lambda u: u.rank) == [Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL]
