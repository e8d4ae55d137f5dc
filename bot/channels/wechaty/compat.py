"""Makes ``import wechaty`` (0.10.7, the last one, November 2022) work on Python 3.11 and 3.12 with today's packages.

Import this module before any part of wechaty. No version is pinned for it and no installed file is changed. Each step
undoes one thing the old package relies on:

* ``telnetlib`` warns that it will go; it is gone in Python 3.13, where the import is refused with a clear error;
* pyee 12 and later no longer export ``AsyncIOEventEmitter`` from the package root;
* urllib3 2 no longer has ``get_host``;
* Python 3.11 refuses an unhashable default of a dataclass field (``WechatyOptions.puppet_options``);
* every logger of the package prints to stderr by itself, among other things the token: they are made quiet;
* the HTTP/2 packages below it write every header to their debug log, and one header is the token.
"""

import importlib
import logging
import sys
import warnings
from urllib.parse import urlsplit

from domain.errors import ConfigError

PACKAGES = ("wechaty_puppet", "wechaty_grpc", "wechaty_puppet_service", "wechaty")


def prepare() -> None:
    """Imports wechaty. Raises ConfigError where it cannot run, with what to do about it."""
    if sys.version_info >= (3, 13):
        raise ConfigError(
            f"the wechaty channel needs Python 3.11 or 3.12, this is {sys.version_info[0]}.{sys.version_info[1]}: "
            "the wechaty package uses telnetlib, which Python 3.13 no longer has"
        )
    try:
        _import_all()
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"the wechaty channel is configured, but the package {error.name!r} is not installed: "
            "install the extra with  pip install 'louqun[wechaty]'"
        ) from error


def _import_all() -> None:
    known = set(logging.root.manager.loggerDict)
    _mend_pyee()
    _mend_urllib3()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # telnetlib; pyee's and Quart's own old names
        for name in PACKAGES:
            importlib.import_module(name)
            if name == "wechaty_puppet":
                _mend_puppet_options()
    for name in set(logging.root.manager.loggerDict) - known:
        _make_quiet(logging.getLogger(name))
    logging.getLogger("hpack").setLevel(logging.WARNING)


def _mend_pyee() -> None:
    package, emitters = importlib.import_module("pyee"), importlib.import_module("pyee.asyncio")
    if not hasattr(package, "AsyncIOEventEmitter"):
        vars(package)["AsyncIOEventEmitter"] = emitters.AsyncIOEventEmitter


def _mend_urllib3() -> None:
    package = importlib.import_module("urllib3")
    if not hasattr(package, "get_host"):
        vars(package)["get_host"] = _get_host


def _get_host(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme or "http", parts.hostname, parts.port


def _mend_puppet_options() -> None:
    options = importlib.import_module("wechaty_puppet.schemas.puppet").PuppetOptions
    if options.__hash__ is None:
        options.__hash__ = object.__hash__


def _make_quiet(logger: logging.Logger) -> None:
    """wechaty gives each of its loggers a handler of its own; what it logs below ERROR holds tokens and messages."""
    if logger.handlers:
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.ERROR)
