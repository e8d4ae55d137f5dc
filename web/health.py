"""/healthz: the process does its work. /readyz: it can take messages. /metrics: figures. The root knows them."""

from aiohttp import web

from web.options import Probe, Probes


def health_routes(probes: Probes) -> list[web.RouteDef]:
    async def healthz(_: web.Request) -> web.Response:
        return await _answer(probes.alive)

    async def readyz(_: web.Request) -> web.Response:
        return await _answer(probes.ready)

    async def metrics(_: web.Request) -> web.Response:
        page = await probes.metrics()
        return web.Response(body=page.content, headers={"Content-Type": page.content_type})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]


async def _answer(probe: Probe) -> web.Response:
    health = await probe()
    return web.json_response({"ok": health.ok, **health.details}, status=200 if health.ok else 503)
