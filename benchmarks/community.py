"""The community that the benchmarks run in, as a config.yaml has it: as many buildings and groups as are asked for."""

from benchmarks.messages import FLOORS, GROUPS, ROOMS_PER_FLOOR, UNITS
from domain.messages import Json


def community(groups: int = GROUPS, ids: str = "g{}") -> dict[str, Json]:
    """``ids`` with 1 in it is the group of building ``1``, and so on; by default those of ``benchmarks.messages``."""
    return {
        "community": {"id": "bench", "name": "测试社区", "timezone": "Asia/Shanghai", "area_codes": ["110105"]},
        "buildings": [_building(number) for number in range(1, groups + 1)],
        "groups": [
            *(_group(number, ids) for number in range(1, groups + 1)),
            {"id": "gstaff", "name": "防汛工作群", "building": None, "role": "staff"},
        ],
        "staff": [
            {"id": "worker", "name": "李敏", "role": "social_worker", "buildings": [], "phone": "13900000001"},
            {"id": "steward", "name": "赵强", "role": "steward", "buildings": [], "phone": "13900000002"},
            {"id": "repairer", "name": "王师傅", "role": "repairer", "buildings": [], "phone": "13900000003"},
            {"id": "secretary", "name": "周红", "role": "secretary", "buildings": [], "phone": "13900000004"},
        ],
        "service_times": {
            # A month each: under a clock that runs 1,000 times as fast nobody may be reminded while we measure.
            "emergency": _limits(1, 43200, 43200, 43200, 43200),
            "urgent": _limits(1, 43200, 43200, 43200, 43200),
            "normal": _limits(1, 43200, 43200, 43200, 43200),
        },
        "closing": {"first_question_hours": 24, "second_question_hours": 48, "close_after_days": 3},
        "quiet_hours": {"from": "23:00", "to": "07:00"},
        "budgets": {"group_posts": 6, "per_minutes": 10},
        "warnings": {"sources": []},
        "channels": {"console": {}},
    }


def _building(number: int) -> Json:
    return {
        "id": str(number),
        "name": f"{number}号楼",
        "units": UNITS,
        "floors": FLOORS,
        "rooms_per_floor": ROOMS_PER_FLOOR,
        "phase": "一期",
    }


def _group(number: int, ids: str) -> Json:
    return {"id": ids.format(number), "name": f"{number}号楼邻里群", "building": str(number), "role": "building"}


def _limits(acknowledge: int, accept: int, arrive: int, update: int, escalate_every: int) -> Json:
    return {
        "acknowledge_minutes": acknowledge,
        "accept_minutes": accept,
        "arrive_minutes": arrive,
        "update_minutes": update,
        "escalate_every_minutes": escalate_every,
    }
