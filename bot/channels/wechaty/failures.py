"""What can go wrong between us and the service, and what it means: gone out or not, worth another try or not."""

import aiohttp
from grpclib.const import Status
from grpclib.exceptions import GRPCError, ProtocolError, StreamTerminatedError

from domain.errors import ChannelError, UnknownOutcome

BROKEN = (GRPCError, StreamTerminatedError, ProtocolError, OSError, ValueError)
"""What any call may raise: the service's refusal, a lost or frozen link (TimeoutError is an OSError), odd bytes."""
LONGEST_TEXT = 200

_WRONG_TOKEN = frozenset({Status.UNAUTHENTICATED, Status.PERMISSION_DENIED})
_NEVER = frozenset({Status.INVALID_ARGUMENT, Status.NOT_FOUND, Status.UNIMPLEMENTED, Status.OUT_OF_RANGE})
_LATER = frozenset({Status.UNKNOWN, Status.RESOURCE_EXHAUSTED, Status.FAILED_PRECONDITION, *_WRONG_TOKEN})
"""The puppet refused (what it throws arrives as UNKNOWN), or the call did not get as far as the puppet."""


class NotConnected(ConnectionError):
    """The call was not made."""

    def __init__(self) -> None:
        super().__init__("not connected")


class FileTooLarge(Exception):
    """It passed the configured limit while it was being read."""


class OddFile(Exception):
    """The service describes a file in a way that nobody here can read."""


UNREADABLE = (*BROKEN, aiohttp.ClientError, FileTooLarge, OddFile)
"""What reading or uploading a file may raise."""


def wrong_token(error: Exception) -> bool:
    return isinstance(error, GRPCError) and error.status in _WRONG_TOKEN


def account_in_use(error: Exception) -> bool:
    """Another client, or our own link of before that the service still believes in, has the event stream."""
    return isinstance(error, GRPCError) and error.status is Status.ALREADY_EXISTS


def plain(error: Exception, secret: str) -> str:
    """One line for logs, health and the ledger. The service quotes a wrong token in its refusal: it is taken out."""
    if isinstance(error, GRPCError):
        words = [error.status.name.lower().replace("_", " "), (error.message or "").strip().partition("\n")[0]]
    elif isinstance(error, TimeoutError):
        words = ["no answer in time"]
    else:
        words = [str(error) or type(error).__name__]
    text = ": ".join(word for word in words if word).replace(secret, "…")
    return text[:LONGEST_TEXT]


def not_sent(error: Exception, secret: str) -> ChannelError:
    """For what happened before anything was handed to the puppet."""
    return ChannelError(f"not sent: {plain(error, secret)}")


def after_handing_over(error: Exception, secret: str) -> ChannelError:
    """For the call that sends: unless the service says that it did not, the message may have gone out."""
    if isinstance(error, NotConnected):
        return not_sent(error, secret)
    text = plain(error, secret)
    if isinstance(error, GRPCError) and error.status in _NEVER:
        return ChannelError(f"refused: {text}", retry=False)
    if isinstance(error, GRPCError) and error.status in _LATER:
        return ChannelError(f"refused: {text}")
    return UnknownOutcome(f"perhaps sent: {text}")


def not_fetched(error: Exception, secret: str) -> ChannelError:
    hopeless = isinstance(error, FileTooLarge | OddFile) or (isinstance(error, GRPCError) and error.status in _NEVER)
    return ChannelError(f"the file could not be read: {plain(error, secret)}", retry=not hopeless)
