"""Every topic of this folder, in one list: what the root hands to the routing."""

from domain.handling import Router
from handlers import (
    assigning,
    binding,
    causes,
    correcting,
    hotline,
    joining,
    lists,
    looking,
    notes,
    on_behalf,
    residents,
    ruling,
    visiting,
    work,
)

ROUTERS: tuple[Router, ...] = (
    lists.router,
    work.router,
    assigning.router,
    visiting.router,
    notes.router,
    ruling.router,
    on_behalf.router,
    hotline.router,
    correcting.router,
    causes.router,
    residents.router,
    looking.router,
    binding.router,
    joining.router,
)
