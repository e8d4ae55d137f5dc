"""A replayed night as a person reads it: who said what in which group, and what the bot answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.transcript import Happening
from domain.messages import Json
from domain.vocabulary import MessageKind

_SHOWN: Mapping[MessageKind, str] = {
    MessageKind.IMAGE: "[图片]",
    MessageKind.VIDEO: "[视频]",
    MessageKind.VOICE: "[语音]",
    MessageKind.FILE: "[文件]",
    MessageKind.JOIN: "把机器人请进了群",
}


def as_chat(config: Config, happenings: Sequence[Happening], lines: Sequence[Mapping[str, Json]]) -> str:
    groups = {group.id: group.name for group in config.groups}
    names = {member.id: member.name for member in config.staff} | {h.sender: h.name for h in happenings if h.name}
    zone = ZoneInfo(config.community.timezone)
    said = [(h.at, 0, _heard(h, groups, names, zone)) for h in happenings if h.until is None]
    answered = [(_at(line), 1, _sent(line, groups, names, zone)) for line in lines]
    return "\n".join(text for *_, text in sorted([*said, *answered], key=lambda part: part[:2])) + "\n"


def _heard(happening: Happening, groups: Mapping[str, str], names: Mapping[str, str], zone: ZoneInfo) -> str:
    where = groups.get(happening.group, happening.group) if happening.group else "私聊"
    what = "撤回了一条消息" if happening.recalls else happening.text or _SHOWN.get(happening.kind, "")
    photo = "[图片]" if happening.file and happening.text else ""
    who = names.get(happening.sender, happening.sender)
    return f"{happening.at.astimezone(zone):%H:%M:%S} {where} {who}：{what}{photo}"


def _sent(line: Mapping[str, Json], groups: Mapping[str, str], names: Mapping[str, str], zone: ZoneInfo) -> str:
    group, to = line["group"], line["to"]
    where = groups.get(str(group), str(group)) if group else f"私聊 {names.get(str(to), str(to))}"
    media = line["media"]
    photos = f"\n         [{len(media)}张图片]" if isinstance(media, list) and media else ""
    text = str(line["text"]).replace("\n", "\n         ")
    return f"{_at(line).astimezone(zone):%H:%M:%S} {where} 【楼群】{text}{photos}"


def _at(line: Mapping[str, Json]) -> datetime:
    return datetime.fromisoformat(str(line["at"]))
