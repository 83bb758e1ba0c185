"""A service's copy of the gateway's public keys, kept fresh."""

import logging

import anyio
import httpx

from shared.background import Loop
from shared.http.callers import TrustedKeys
from shared.peers import Connect

log = logging.getLogger("amber.keys")

KEYS_EVERY_SECONDS = 60.0
RETRY_SECONDS = 0.5


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
