"""What was said lately, chat by chat, as far as somebody asked. See memory.py for how long it is valid."""

from collections.abc import Iterable
from dataclasses import replace

from domain.conversation import Said
from domain.messages import Chat

SAID_KEPT = 200
"""Messages of one chat that are looked back at: the last ones, however short the half hour was."""
_MOST_CHATS = 512

MessageKey = tuple[str, str]
"""Channel and external id."""
Talk = dict[MessageKey, Said]
"""The handled messages of one chat, oldest first."""


class TalkMemory:
    def __init__(self) -> None:
        self._talks: dict[Chat, Talk] = {}
        self._chat_of: dict[MessageKey, Chat] = {}

    def of(self, chat: Chat) -> Talk | None:
        """None: not loaded."""
        return self._talks.get(chat)

    def message(self, key: MessageKey) -> Said | None:
        chat = self._chat_of.get(key)
        return None if chat is None else self._talks[chat].get(key)

    def learn(self, chat: Chat, talk: Talk) -> None:
        self._talks[chat] = talk
        self._chat_of.update(dict.fromkeys(talk, chat))

    def hear(self, chat: Chat, key: MessageKey, said: Said) -> None:
        """One more of a chat that is loaded; of another chat nothing is kept."""
        talk = self._talks.get(chat)
        if talk is None:
            return
        talk[key] = said
        self._chat_of[key] = chat
        while len(talk) > SAID_KEPT:
            oldest = next(iter(talk))
            del talk[oldest], self._chat_of[oldest]

    def change(self, key: MessageKey, said: Said) -> None:
        chat = self._chat_of.get(key)
        if chat is not None:
            self._talks[chat][key] = said

    def erase(self, keys: Iterable[MessageKey]) -> None:
        """Their words are gone; that they were said, by whom and what they meant stays."""
        for key in keys:
            said = self.message(key)
            if said is not None:
                self.change(key, replace(said, text="", sender_name=""))

    def tidy(self) -> None:
        while len(self._talks) > _MOST_CHATS:
            talk = self._talks.pop(next(iter(self._talks)))
            for key in talk:
                del self._chat_of[key]

    def forget(self) -> None:
        self._talks.clear()
        self._chat_of.clear()
