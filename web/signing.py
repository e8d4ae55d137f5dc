"""Signed links and tokens."""

import hmac
import os
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

_LIFETIME = timedelta(hours=24)
_STEP_SECONDS = 6 * 3600
_SECRET_BYTES = 32


class Signer:
    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("the secret that signs links must have at least 16 bytes")
        self._secret = secret

    def sign(self, purpose: str, value: str) -> str:
        return hmac.new(self._secret, f"{purpose}\0{value}".encode(), sha256).hexdigest()[:40]

    def holds(self, purpose: str, value: str, signature: str) -> bool:
        return hmac.compare_digest(self.sign(purpose, value).encode(), signature.encode())

    def media_link(self, key: str, now: datetime, *, small: bool = False) -> str:
        """Good for a day or a little more; the same for some hours, so that a browser need not load it again."""
        soon = int((now + _LIFETIME).timestamp())
        until = soon - soon % _STEP_SECONDS + _STEP_SECONDS
        link = f"/media/{key}?until={until}&by={self.sign('media', f'{key}|{until}')}"
        return link + "&small=1" if small else link

    def media_allowed(self, key: str, until: str, signature: str, now: datetime) -> bool:
        in_time = until.isascii() and until.isdigit() and len(until) < 12 and int(until) > now.timestamp()
        return in_time and self.holds("media", f"{key}|{until}", signature)


def kept_secret(path: Path) -> bytes:
    """Made at the first start and readable by this user only. Raises OSError."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.half")
        half.unlink(missing_ok=True)
        half.touch(mode=0o600)
        half.write_bytes(os.urandom(_SECRET_BYTES))
        half.replace(path)
    return path.read_bytes()
