"""The real npm puppet server of tests/puppet as a process, and its control port as a Python object."""

import asyncio
import json
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import aiohttp

FOLDER = Path(__file__).parent.parent / "puppet"
TOKEN = "insecure_3f0c-token-of-the-tests"


@dataclass(frozen=True, slots=True)
class PuppetProcess:
    """endpoint: through the gate. direct: the gRPC port itself, for a second client that is not cut with the first."""

    process: subprocess.Popen[bytes]
    control: str
    endpoint: str
    direct: str

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def puppet_process(*arguments: str) -> Iterator[PuppetProcess]:
    command = ["node", "--no-deprecation", "server.mjs", "--token", TOKEN, *arguments]
    process = subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    try:
        line = process.stdout.readline()
        assert line, "the puppet server did not start, see its errors above"
        info = json.loads(line)
        yield PuppetProcess(process, info["control"], info["endpoint"], info["direct"])
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


class Control:
    """What a test makes the network do."""

    def __init__(self, http: aiohttp.ClientSession, base: str) -> None:
        self._http = http
        self._base = base

    async def post(self, verb: str, body: object = None) -> dict:
        data = BytesIO(json.dumps({} if body is None else body).encode())
        async with self._http.post(self._base + verb, data=data) as answer:
            said: dict = await answer.json()
            assert answer.status == 200, (verb, said)
            return said

    async def calls(self, method: str) -> int:
        """How often the service was called, since the last reset."""
        async with self._http.get(self._base + "/state") as answer:
            return int((await answer.json())["calls"].get(method, 0))

    async def until_called(self, method: str, times: int, seconds: float = 10) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while (calls := await self.calls(method)) < times:
            assert asyncio.get_running_loop().time() < deadline, f"expected {times} calls of {method}, got {calls}"
            await asyncio.sleep(0.01)

    async def sent(self, count: int, seconds: float = 10) -> Sequence[dict]:
        """All that the bot sent, once there are ``count``."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            async with self._http.get(self._base + "/sent") as answer:
                entries: list[dict] = await answer.json()
            if len(entries) >= count:
                return entries
            assert asyncio.get_running_loop().time() < deadline, f"expected {count} messages, got {len(entries)}"
            await asyncio.sleep(0.02)


@asynccontextmanager
async def control_of(puppet: PuppetProcess) -> AsyncIterator[Control]:
    async with aiohttp.ClientSession() as http:
        yield Control(http, puppet.control)
