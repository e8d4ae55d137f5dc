"""实况: how things stand in the storm, as a picture; in a building's group of that building only."""

from dataclasses import replace

from domain.announcements import answer
from domain.editions import LOOK_BACK
from domain.errors import RuleBroken
from domain.handling import WORKERS, Arguments, Command, Context, Router
from domain.merging import standing_at
from domain.messages import Incoming, Reply
from domain.storm_picture import Scene, for_group, for_staff, paper
from domain.storms import Storm
from domain.vocabulary import BuildingId, ReplyKind
from handlers.storm_keeping import tickets_since
from handlers.telling import answering


async def show(message: Incoming, ctx: Context, args: Arguments) -> list[Reply]:
    storm = await ctx.work.storms.current()
    if storm is None:
        raise RuleBroken("现在没有启动应急响应，没有实况。没办完的单请看：待办")
    scene = await scene_of(ctx, storm)
    if ctx.for_staff_only:
        params = for_staff(scene)
    elif ctx.building is not None:
        params = for_group(scene, BuildingId(ctx.building))
    else:
        raise RuleBroken("这个群没有对应的楼，请到工作群或楼群里说")
    reply = answer("storm_picture", answering(message, ctx), kind=ReplyKind.STATUS, **params)
    return [replace(reply, documents=(paper(params),))]


async def scene_of(ctx: Context, storm: Storm) -> Scene:
    work = ctx.work
    return Scene(
        ctx.community, storm, ctx.now, await tickets_since(ctx, storm),
        standing_at(await work.storms.editions(ctx.now - LOOK_BACK), ctx.now),
        await work.storms.checks(storm.opened_at), await work.storms.moves(), await work.standby.answers(storm.id),
    )  # fmt: skip


router = Router((Command(("实况", "看实况"), "实况", "这场雨现在怎么样（图）", show, WORKERS, unasked=""),))
