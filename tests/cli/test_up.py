"""`amber up`: what its socket promises before anything is served."""

import asyncio
import socket
from pathlib import Path

from services.cli.up import listening_on
from tests.support.trackers import in_process


def test_an_answer_is_not_kept_back_until_the_one_before_is_acknowledged() -> None:
    async def delay_is_off() -> bool:
        answered: list[int] = []

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            answered.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listening_on(0) as listener:
            server = await asyncio.start_server(connected, sock=listener)
            async with server:
                reader, writer = await asyncio.open_connection(*listener.getsockname())
                await asyncio.wait_for(reader.read(), timeout=10)
                writer.close()
        return answered == [1]

    assert asyncio.run(delay_is_off())


def test_after_a_stop_each_database_is_one_file_that_holds_all(tmp_path: Path) -> None:
    with in_process(tmp_path) as tracker:
        assert tracker.get("social-worker", "/v1/referrals")["items"] == []
    left = {file.name for file in tmp_path.glob("*.db*")}
    assert left == {"gateway.db", "referrals.db", "scoring.db"}
