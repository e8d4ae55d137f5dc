"""The media store on a disk: by content, private, whole or not at all."""

import hashlib
import resource
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.errors import MediaMissing, MediaRefused, StoreError
from domain.media import Normalised
from storage.media_files import MediaFiles


def upper(data: bytes, kind: str, name: str) -> Normalised:
    """Stands for the other wing's work: what is kept is not what came."""
    if not data:
        raise MediaRefused(f"“{name}”是空的")
    return Normalised(data.upper(), f"{kind}/test")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "media"


@pytest.fixture
def store(folder: Path) -> MediaFiles:
    return MediaFiles(folder, upper)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def full_disk(most_bytes: int) -> Iterator[None]:
    """The kernel refuses to let any file of this process grow further."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_was_put_can_be_got(store: MediaFiles):
    stored = store.put(b"photo", "image", "a.jpg")
    assert (stored.mime, stored.size) == ("image/test", 5)
    assert stored.digest == hashlib.sha256(b"PHOTO").hexdigest()
    assert store.get(stored.digest) == b"PHOTO"


def test_the_same_content_is_one_file(store: MediaFiles, folder: Path):
    first = store.put(b"photo", "image", "a.jpg")
    [path] = files(folder)
    written = path.stat()
    assert store.put(b"Photo", "image", "b.jpg") == first
    assert [(p, p.stat().st_ino) for p in files(folder)] == [(path, written.st_ino)]
    assert path == folder / first.digest[:2] / first.digest


def test_another_start_finds_it(store: MediaFiles, folder: Path):
    stored = store.put(b"photo", "image", "a.jpg")
    assert MediaFiles(folder, upper).get(stored.digest) == b"PHOTO"


def test_nobody_else_may_read(store: MediaFiles, folder: Path):
    store.put(b"photo", "image", "a.jpg")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert modes == {0o700, 0o600}


def test_a_refused_file_leaves_nothing(store: MediaFiles, folder: Path):
    with pytest.raises(MediaRefused, match=r"“a\.jpg”是空的"):
        store.put(b"", "image", "a.jpg")
    assert files(folder) == []


def test_a_full_disk_is_said_and_leaves_nothing(store: MediaFiles, folder: Path):
    with full_disk(1000), pytest.raises(StoreError, match="check the free space"):
        store.put(b"x" * 5000, "image", "a.jpg")
    assert files(folder) == []
    stored = store.put(b"x" * 5000, "image", "a.jpg")
    assert len(store.get(stored.digest)) == 5000


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "media").write_text("a file")
    with pytest.raises(StoreError, match="media cannot be read or written"):
        MediaFiles(tmp_path / "media", upper)


def test_what_a_killed_process_left_is_cleared_away(store: MediaFiles, folder: Path):
    stored = store.put(b"photo", "image", "a.jpg")
    (folder / stored.digest[:2] / "tmp123.part").write_bytes(b"half")
    MediaFiles(folder, upper)
    assert [path.name for path in files(folder)] == [stored.digest]


def test_a_damaged_file_is_found_out_and_healed_by_sending_it_again(store: MediaFiles, folder: Path):
    stored = store.put(b"photo", "image", "a.jpg")
    files(folder)[0].write_bytes(b"PHOT?")
    with pytest.raises(MediaMissing, match="damaged"):
        store.get(stored.digest)
    assert store.put(b"photo", "image", "a.jpg") == stored
    assert store.get(stored.digest) == b"PHOTO"


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "g" * 64, "a" * 64 + "\n"])
def test_only_a_digest_names_a_file(store: MediaFiles, digest: str):
    with pytest.raises(MediaMissing, match="64 hexadecimal digits"):
        store.get(digest)


def test_an_unknown_digest_is_said(store: MediaFiles):
    with pytest.raises(MediaMissing, match="is gone"):
        store.get("a" * 64)


def test_many_threads_put_at_once(store: MediaFiles, folder: Path):
    with ThreadPoolExecutor(8) as threads:
        stored = list(threads.map(lambda n: store.put(b"photo %d" % (n % 7), "image", "a"), range(70)))
    assert len({s.digest for s in stored}) == len(files(folder)) == 7
    assert all(store.get(s.digest) for s in stored)
