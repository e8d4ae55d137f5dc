"""Photos, videos, voices and papers as files, named by what is in them. Calls block: use ``asyncio.to_thread``."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from domain.errors import MediaMissing, StoreError
from domain.media import Normalise, StoredFile

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PRIVATE = 0o700
_UNFINISHED = ".part"


class MediaFiles:
    """The MediaStore on a disk. The same content is one file, however often it comes; files are never changed.

    A digest that ``put`` returned is durable: a crash leaves the whole file or none.
    """

    def __init__(self, folder: Path, normalise: Normalise) -> None:
        """normalise: makes a file fit to keep, before it is named; from another wing, passed in by the root."""
        self._folder = folder
        self._normalise = normalise
        self._one_at_a_time = Lock()  # decoding a large photo takes hundreds of megabytes
        with _reported(folder):
            _make_private(folder)
            self._drop_unfinished()

    def put(self, data: bytes, kind: str, name: str) -> StoredFile:
        with self._one_at_a_time:
            kept = self._normalise(data, kind, name)
            digest = hashlib.sha256(kept.data).hexdigest()
            path = self._path(digest)
            with _reported(path):
                if not _holds(path, digest):
                    _write(path, kept.data)
        return StoredFile(digest, kept.mime, len(kept.data))

    def get(self, digest: str) -> bytes:
        """Raises MediaMissing when there is no such file, or its content is no longer what its name says."""
        if not _DIGEST.fullmatch(digest):
            raise MediaMissing(f"expected the 64 hexadecimal digits of a SHA-256, got {digest[:80]!r}")
        path = self._path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise MediaMissing(f"{path} is gone; restore it from a backup") from error
        except OSError as error:
            raise StoreError(_in_words(path, error)) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise MediaMissing(f"{path} is damaged: its content does not match its name; restore it from a backup")
        return data

    def drop(self, digest: str) -> None:
        path = self._path(digest)
        with _reported(path):
            path.unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _drop_unfinished(self) -> None:
        """What a killed process left. Another process on this folder only has to try its one file again."""
        for path in self._folder.glob(f"*/*{_UNFINISHED}"):
            path.unlink(missing_ok=True)


def _holds(path: Path, digest: str) -> bool:
    """A damaged file counts as absent, so that sending it again heals it."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except FileNotFoundError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Aside, to the disk, then to its name in one step; the folder's own entry last."""
    _make_private(path.parent)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=_UNFINISHED, delete=False) as file:  # mode 0600
        aside = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            aside.replace(path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _make_private(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(_in_words(path, error)) from error


def _in_words(path: Path, error: OSError) -> str:
    return f"{path} cannot be read or written ({error.strerror}); check the free space and who owns the folder"
