"""The code that somebody has to scan with the account's phone before the bot can work."""

import sys

import structlog
from wechaty.utils.qrcode_terminal import qr_terminal_str

log = structlog.get_logger("wechaty")


def show_code(code: str) -> None:
    """In the log for who watches it there, as a picture for who started the bot in a terminal."""
    log.warning("wechaty.scan_to_log_in", code=code)
    if sys.stderr.isatty():
        sys.stderr.write(str(qr_terminal_str(code)))
