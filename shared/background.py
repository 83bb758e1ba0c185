"""Loops that run beside the requests. A separate service starts its own; embedded, the one
process starts everybody's."""

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass

import anyio
import httpx

from shared.http.callers import TrustedKeys
from shared.peers import Connect

log = logging.getLogger("amber.background")

KEYS_EVERY_SECONDS = 60.0
RETRY_SECONDS = 0.5

Loop = Callable[[], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True)
class Background:
    """The loops of one service."""

    loops: Sequence[Loop]

    async def run(self) -> None:
        """Run them all until cancelled."""
        async with anyio.create_task_group() as group:
            for loop in self.loops:
                group.start_soon(loop)


def keeping_keys(trusted: TrustedKeys, connect: Connect) -> Loop:
    """A loop that fetches the gateway's public keys, and again each minute for a new one."""

    async def keep() -> None:
        async with connect("gateway") as gateway:
            while True:
                try:
                    response = await gateway.get("/.well-known/jwks.json")
                    response.raise_for_status()
                    trusted.learn(response.json())
                except (httpx.HTTPError, ValueError, KeyError) as error:
                    log.warning("the gateway's keys not reached: %s", type(error).__name__)
                await anyio.sleep(RETRY_SECONDS if trusted.keys is None else KEYS_EVERY_SECONDS)

    return keep
