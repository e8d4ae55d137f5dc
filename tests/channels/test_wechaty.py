"""The wechaty channel against the real npm puppet server: the contract."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.channels.contract import ChannelContract
from tests.channels.puppet_process import TOKEN, PuppetProcess, puppet_process
from tests.channels.wechaty_rig import WechatyRig, wechaty_rig

pytestmark = pytest.mark.puppet


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUQUN_WECHATY_TOKEN", TOKEN)


@pytest.fixture(scope="module")
def puppet() -> Iterator[PuppetProcess]:
    with puppet_process() as puppet:
        yield puppet


class TestWechaty(ChannelContract):
    @pytest.fixture
    async def rig(self, puppet: PuppetProcess) -> AsyncIterator[WechatyRig]:
        async with wechaty_rig(puppet) as rig:
            yield rig
