"""What may be taken out, and what it is called."""

from collections.abc import Mapping
from enum import StrEnum

SHEET = "sheet"
"""The layout of a document that is a table: its rows are read when it is sent."""


class Export(StrEnum):
    """The names of the command line."""

    TICKETS = "tickets"
    OPEN = "todo"
    VISITS = "visits"
    RULINGS = "rulings"
    PLANS = "plans"
    LEDGER = "ledger"
    ACCESSES = "access-log"


EXPORTS_SAID: Mapping[str, Export] = {
    "工单": Export.TICKETS, "全部工单": Export.TICKETS, "报修": Export.TICKETS, "单子": Export.TICKETS,
    "待办": Export.OPEN, "未完成": Export.OPEN,
    "入户": Export.VISITS, "上门": Export.VISITS, "无人": Export.VISITS,
    "定责": Export.RULINGS, "责任": Export.RULINGS,
    "一房一案": Export.PLANS, "方案": Export.PLANS,
    "台账": Export.LEDGER, "12345台账": Export.LEDGER, "12345": Export.LEDGER, "热线": Export.LEDGER,
    "访问记录": Export.ACCESSES, "访问": Export.ACCESSES,
}  # fmt: skip
TITLES: Mapping[Export, str] = {
    Export.TICKETS: "工单", Export.OPEN: "待办", Export.VISITS: "入户", Export.RULINGS: "定责",
    Export.PLANS: "一房一案", Export.LEDGER: "12345台账", Export.ACCESSES: "访问记录",
}  # fmt: skip
