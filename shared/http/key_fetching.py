"""A service's copy of the gateway's public keys, kept fresh."""

import logging

import httpx

from shared.background import Turn
from shared.http.callers import TrustedKeys
from shared.peers import Connect

log = logging.getLogger("amber.keys")

KEYS_EVERY_SECONDS = 60.0
RETRY_SECONDS = 0.5


def keeping_keys(trusted: TrustedKeys, connect: Connect) -> Turn:
    """A loop that fetches the gateway's public keys, and again each minute for a new one.

    A gateway that isn't there is waited for. Keys that can't be read are a failure.
    """

    async def keep() -> float:
        try:
            async with connect("gateway") as gateway:
                response = await gateway.get("/.well-known/jwks.json")
                response.raise_for_status()
        except httpx.HTTPError as error:
            log.warning("the gateway's keys not reached: %s", type(error).__name__)
            return RETRY_SECONDS if trusted.keys is None else KEYS_EVERY_SECONDS
        trusted.learn(response.json())
        return KEYS_EVERY_SECONDS

    return keep
