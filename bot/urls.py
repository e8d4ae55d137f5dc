"""What an address in the configuration has to look like before something private is sent to it."""

import ipaddress
from urllib.parse import urlsplit


def checked(value: str, example: str, secret: str) -> str:
    """The address itself. secret: which field names the secret's variable. Raises ValueError with what was expected."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"expected an address such as {example}")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"expected an address without a password; name the key's variable as {secret}")
    if parts.scheme == "http" and not _is_near(parts.hostname):
        raise ValueError("expected https: what is private travels in the clear to a machine nearby only")
    return value


def _is_near(host: str) -> bool:
    """This machine or a private network: a name without a dot (a container's), or an address that is not public."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal"))
