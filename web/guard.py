"""What holds for every page: headers, where a request may come from, who may pick a person, and how a refusal looks."""

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from domain.chatroom import ChatRefused, NoSuchRoom, NotYetHeard
from web.options import WebOptions
from web.photos import TooLarge
from web.push import PATH
from web.rendering import Renderer
from web.signing import Signer

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE = "louqun"
_OPEN_TO_ALL = ("/healthz", "/readyz", "/metrics", "/static/", "/favicon.ico", PATH)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=()",
}
NOT_THE_DEMO = (
    "“选一个人”只用于演示：另外接了通道，或者网页不只对本机开放时，它是关着的。"
    "确实要开放演示，请在 config.yaml 里写 channels: {console: {demo: true}}。"
)
_WRONG_HOST = "演示只对本机开放，请用 http://127.0.0.1 的地址打开。"
_FOREIGN_FORM = "这个请求不是从本站的页面发来的，没有执行。请刷新页面再试。"
_HEARD_LATER = "已经收下，机器人暂时没有应答，恢复后会接着处理，不用重发。"
_WORDS = {
    404: "没有这一页。",
    405: "不能这样用这个地址。",
    413: "太大了，没有收下。",
}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    cache = "public, max-age=31536000, immutable" if request.path.startswith("/static/") else "no-store"
    response.headers.setdefault("Cache-Control", cache)


def session(request: web.Request) -> str:
    """Names the browser, not a person; the token of its forms hangs on it."""
    known = request.cookies.get(COOKIE, "")
    return known if len(known) == 32 and known.isalnum() else secrets.token_hex(16)


def keep_session(request: web.Request, response: web.Response, value: str) -> None:
    if request.cookies.get(COOKIE) != value:
        response.set_cookie(COOKIE, value, httponly=True, samesite="Lax", secure=request.secure, max_age=30 * 86400)


def check_token(request: web.Request, signer: Signer, token: str) -> None:
    """A form's token must belong to the cookie that comes with it. Raises HTTPForbidden."""
    given = request.headers.get("X-CSRF-Token") or token
    if not signer.holds("form", request.cookies.get(COOKIE, ""), given):
        raise web.HTTPForbidden(text=_FOREIGN_FORM)


def same_origin(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    return site in {"same-origin", "none"} and (origin is None or urlsplit(origin).netloc == request.host)


class Guard:
    def __init__(self, options: WebOptions, renderer: Renderer) -> None:
        self._options = options
        self._renderer = renderer

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        closed = self._closed(request)
        if closed:
            return self._refusal(request, 403, closed)
        try:
            return await handler(request)
        except NotYetHeard:
            return web.json_response({"notice": _HEARD_LATER}, status=202)
        except ChatRefused as error:
            return self._refusal(request, _status(error), str(error))
        except web.HTTPRedirection:
            raise
        except web.HTTPException as error:
            ours = error.status in {400, 403} and error.text
            return self._refusal(request, error.status, ours or _WORDS.get(error.status, "没有办成。"))

    def _closed(self, request: web.Request) -> str | None:
        """Why nobody may come in, None when the door is open."""
        if request.path.startswith(_OPEN_TO_ALL):
            return None
        if not self._options.demo:
            return NOT_THE_DEMO
        hosts = self._options.hosts
        if hosts and _host(request) not in hosts:
            return _WRONG_HOST
        return None if request.method in {"GET", "HEAD"} or same_origin(request) else _FOREIGN_FORM

    def _refusal(self, request: web.Request, status: int, words: str) -> web.Response:
        if "application/json" in request.headers.get("Accept", ""):
            return web.json_response({"error": words}, status=status)
        page = self._renderer.page("refused.html", words=words, status=status)
        return web.Response(text=page, status=status, content_type="text/html")


def _status(error: ChatRefused) -> int:
    return 404 if isinstance(error, NoSuchRoom) else 413 if isinstance(error, TooLarge) else 400


def _host(request: web.Request) -> str:
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:  # a host that is none, like "[::"
        return ""
