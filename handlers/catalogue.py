"""Every topic of this folder: what the root hands to the routing."""

from collections.abc import Mapping, Sequence

from domain.handling import Router
from handlers import (
    accounting,
    articles,
    asking_back,
    assigning,
    binding,
    broadcasting,
    care,
    causes,
    correcting,
    duty,
    exporting,
    home_plans,
    hotline,
    joining,
    lists,
    looking,
    meetings,
    minutes,
    notes,
    on_behalf,
    own_data,
    patrols,
    planning,
    reaching,
    readiness,
    residents,
    ruling,
    signing_up,
    standing_by,
    statistics,
    storm_showing,
    storming,
    supplies,
    task_groups,
    upkeep,
    visiting,
    volunteers,
    warning_relay,
    work,
)

TOPICS: Mapping[str, Sequence[Router]] = {
    "办单": (lists.router, work.router, assigning.router, correcting.router, causes.router, looking.router),
    "住户": (residents.router, own_data.router),
    "上门": (visiting.router, home_plans.router, notes.router, care.router, ruling.router),
    "代登记": (on_behalf.router, hotline.router, task_groups.router),
    "在岗": (duty.router, readiness.router),
    "防汛": (
        warning_relay.router, storming.router, standing_by.router, storm_showing.router, supplies.router,
        patrols.router,
    ),
    "通知": (broadcasting.router, planning.router, reaching.router),
    "开会": (meetings.router, minutes.router, signing_up.router, volunteers.router),
    "总结": (asking_back.router, statistics.router, accounting.router, articles.router, exporting.router),
    "管理": (binding.router, joining.router, upkeep.router),
}  # fmt: skip
"""By the word of the menu under which they stand (帮助 防汛), in its order."""
