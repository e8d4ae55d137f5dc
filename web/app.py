"""The web application, put together."""

from aiohttp import web

from domain.chatroom import ChatRoom
from web.chat import ChatPages
from web.guard import Guard, add_headers
from web.health import health_routes
from web.live import Live
from web.media import Media
from web.options import Probes, WebOptions
from web.photos import Darkroom
from web.posts import ChatPosts
from web.push import Door
from web.rendering import STATIC, Renderer
from web.signing import Signer


def make_app(room: ChatRoom, options: WebOptions, probes: Probes, door: Door | None = None) -> web.Application:
    signer = Signer(options.secret)
    renderer = Renderer(signer, options.clock, options.community, room.bot_name)
    darkroom = Darkroom()
    live = Live(room, renderer)
    app = web.Application(middlewares=[Guard(options, renderer).middleware])
    app.add_routes(health_routes(probes))
    app.add_routes(door.routes() if door else ())
    app.add_routes(ChatPages(room, renderer, signer).routes())
    app.add_routes(ChatPosts(room, darkroom, signer).routes())
    app.add_routes(live.routes())
    app.add_routes(Media(room, darkroom, signer, options.clock).routes())
    app.router.add_static(renderer.static, STATIC)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(live.close)
    return app


def make_health_app(probes: Probes, door: Door | None = None) -> web.Application:
    """For a bot without a web chat."""
    app = web.Application()
    app.add_routes(health_routes(probes))
    app.add_routes(door.routes() if door else ())
    app.on_response_prepare.append(add_headers)
    return app
