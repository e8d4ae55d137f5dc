"""From one of our messages to several of the network's: the words, then each file."""

from collections import OrderedDict

from bot.channels.wechaty.account import Account
from bot.channels.wechaty.failures import BROKEN, UNREADABLE, after_handing_over, not_sent
from bot.channels.wechaty.text import with_mention_marks
from domain.errors import ChannelError
from domain.messages import Outgoing

MOST_BEGUN = 500


class Sending:
    """Remembers how far a message came, so that another try goes on there instead of saying it all again."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._begun: OrderedDict[tuple[str, tuple[int, ...], str], list[str]] = OrderedDict()

    async def send(self, message: Outgoing) -> tuple[str, ...]:
        """The network's ids, in order. Raises ChannelError or UnknownOutcome."""
        key = (message.chat.id, message.ids, message.text)
        done = self._begun.setdefault(key, [])
        self._begun.move_to_end(key)
        if len(self._begun) > MOST_BEGUN:
            self._begun.popitem(last=False)
        boxes = await self._packed(message, done)
        if message.text and not done:
            done.append(await self._say(message))
        for box in boxes:
            done.append(await self._hand_over(message.chat.id, box))
        self._begun.pop(key, None)
        return tuple(id for id in done if id)

    async def _packed(self, message: Outgoing, done: list[str]) -> list[str]:
        """Uploads what is large before anything is said: most of what can fail has failed by then."""
        files_done = max(0, len(done) - bool(message.text))
        try:
            return [await self._account.puppet.pack(file) for file in message.files[files_done:]]
        except UNREADABLE as error:
            raise not_sent(error, self._account.token) from None

    async def _say(self, message: Outgoing) -> str:
        mentions = [] if message.chat.private else message.mentions
        text = with_mention_marks(message.text, [mention.name for mention in mentions])
        ids = [mention.person.id for mention in mentions]
        try:
            return await self._account.puppet.send_text(message.chat.id, text, ids)
        except BROKEN as error:
            raise self._outcome(error) from None

    async def _hand_over(self, conversation: str, box: str) -> str:
        try:
            return await self._account.puppet.send_packed(conversation, box)
        except BROKEN as error:
            raise self._outcome(error) from None

    def _outcome(self, error: Exception) -> ChannelError:
        return after_handing_over(error, self._account.token)
