"""/healthz: the process does its work. /readyz: it can take messages. The root knows how to find out."""

from aiohttp import web

from web.options import Probe


def health_routes(alive: Probe, ready: Probe) -> list[web.RouteDef]:
    async def healthz(_: web.Request) -> web.Response:
        return await _answer(alive)

    async def readyz(_: web.Request) -> web.Response:
        return await _answer(ready)

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


async def _answer(probe: Probe) -> web.Response:
    health = await probe()
    return web.json_response({"ok": health.ok, **health.details}, status=200 if health.ok else 503)
