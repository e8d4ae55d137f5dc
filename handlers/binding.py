"""Which group is which, and who is who: 绑定, 授权, 我是. Authority is bound to the channel's stable id."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from domain.announcements import answer
from domain.errors import RuleBroken
from domain.handling import HEADS, Arguments, Command, Context, Router
from domain.messages import Chat, Incoming, Reply
from domain.records import Code
from domain.roster import Building, Group
from domain.vocabulary import ROLES_SAID, GroupRole, Role, StaffId
from handlers.telling import answering

CODE_LASTS = timedelta(days=2)
BIND_USAGE = "绑定 3号楼（或：绑定 工作群；绑定 专班 名称）"
GRANT_USAGE = "授权 社工 李敏 3,5号楼"
CLAIM_USAGE = "我是 李敏 483920"


def digest_of(code: str) -> str:
    return hashlib.sha256(code.strip().encode()).hexdigest()


async def bind(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """This group belongs to a building, or is the staff's own."""
    if message.chat.private:
        raise RuleBroken("请在要绑定的那个群里@我说：绑定 3号楼")
    group = _group(message, ctx, args.text)
    await ctx.work.chats.save(replace(ctx.chat, group=group))
    named = {GroupRole.STAFF: "工作群", GroupRole.TASK: group.name}
    where = named.get(group.role) or ctx.community.building_name(group.building)
    return [answer("bound", answering(message, ctx), where=where, staff=group.role is GroupRole.STAFF)]


def _group(message: Incoming, ctx: Context, text: str) -> Group:
    name = (ctx.chat.group.name if ctx.chat.group else "") or text
    if "专班" in text:  # 专班 二单元漏水, 二单元漏水专班
        called = text.removeprefix("专班").strip(" :：“”").removesuffix("群") or "专班"
        of = ctx.community.building(ctx.understanding.judge(text, None).location.building)
        return Group(message.channel, message.chat.id, called, of.id if of else None, GroupRole.TASK)
    if "工作" in text or "防汛" in text or "值班" in text:
        return Group(message.channel, message.chat.id, name, None, GroupRole.STAFF)
    building = find_building(ctx, text)
    return Group(message.channel, message.chat.id, f"{building.name}邻里群", building.id, GroupRole.BUILDING)


def find_building(ctx: Context, text: str, usage: str = BIND_USAGE) -> Building:
    said = ctx.understanding.judge(text, None).location.building or text.removesuffix("楼").removesuffix("号").strip()
    by_name = [b for b in ctx.community.buildings.values() if b.name == text.strip() or b.id == said]
    if not by_name:
        known = "、".join(b.name for b in ctx.community.buildings.values())
        raise RuleBroken(f"没有这栋楼。本社区有：{known}。请说：{usage}")
    return by_name[0]


async def grant(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """Gives a one-time code, in private: whoever says it first becomes that staff member on their channel."""
    role, name, buildings = _read_grant(ctx, args.text)
    known = next((s for s in ctx.community.staff.values() if s.name == name and s.role is role), None)
    secret = ctx.new_id("code")
    code = Code(
        digest_of(secret),
        known.id if known else StaffId(ctx.new_id("staff")),
        name,
        role,
        buildings or (known.buildings if known else ()),
        ctx.now,
        ctx.now + CODE_LASTS,
    )
    await ctx.work.people.save_code(code)
    to = answering(message, ctx)
    hours = int(CODE_LASTS.total_seconds() // 3600)
    code_reply = answer(
        "code", replace(to, chat=Chat.with_person(ctx.person)), code=secret, staff_name=name, hours=hours
    )
    if message.chat.private:
        return [code_reply]
    return [replace(code_reply, reply_to=None), answer("code_sent", to, staff_name=name)]


def _read_grant(ctx: Context, text: str) -> tuple[Role, str, tuple[str, ...]]:
    words = text.replace("[", " ").replace("]", " ").replace("【", " ").replace("】", " ").split()
    role = next((ROLES_SAID[w] for w in words if w in ROLES_SAID), None)
    names = [
        w for w in words if w not in ROLES_SAID and not any(c.isdigit() for c in w) and not w.endswith(("楼", "座"))
    ]
    if role is None or len(names) != 1:
        raise RuleBroken(f"请说：{GRANT_USAGE}（角色有：社工、管家、维修、书记、管理员）")
    rest = " ".join(w for w in words if w not in ROLES_SAID and w != names[0])
    return role, names[0], _buildings(ctx, rest)


def _buildings(ctx: Context, text: str) -> tuple[str, ...]:
    ids = [
        part.strip()
        for part in text.replace("号楼", ",").replace("、", ",").replace("，", ",").replace(" ", ",").split(",")
    ]
    unknown = [i for i in ids if i and ctx.community.building(i.removesuffix("座")) is None]
    if unknown:
        raise RuleBroken(f"没有{unknown[0]}号楼。请说：{GRANT_USAGE}")
    return tuple(i.removesuffix("座") for i in ids if i)


async def claim(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    """我是 李敏 483920: binds this very account."""
    words = args.text.split()
    if len(words) != 2:
        raise RuleBroken(f"请说：{CLAIM_USAGE}")
    name, secret = sorted(words, key=lambda w: any(c.isdigit() for c in w))
    code = await ctx.work.people.code(digest_of(secret))
    if code is None or code.used_at is not None or code.expires_at < ctx.now or (code.name and code.name != name):
        raise RuleBroken("这个码不对、用过了或过期了。请书记或管理员重新发：授权 社工 姓名")
    await ctx.work.people.save_code(replace(code, used_at=ctx.now, name=code.name or name))
    await ctx.work.people.save(replace(ctx.sender, staff=code.staff, name=name))
    return [answer("welcome_staff", answering(message, ctx), staff_name=name)]


_NAME_AND_CODE = r"\D{1,20}\s+[\w-]*\d{4}[\w-]*|[\w-]*\d{4}[\w-]*\s+\D{1,20}"
router = Router(
    (
        Command(("绑定",), BIND_USAGE, "把这个群绑到一栋楼", bind, HEADS, wants_text=True),
        Command(("授权",), GRANT_USAGE, "给一位同事发一次性授权码", grant, HEADS, wants_text=True),
        Command(("我是",), CLAIM_USAGE, "工作人员用授权码认领身份", claim, wants_text=True, unasked=_NAME_AND_CODE),
    )
)
