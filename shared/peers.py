"""Another service, as this one reaches it: a base URL, a token of its own, bounded waits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from shared.clock import Clock

Connect = Callable[[str], httpx.AsyncClient]
"""Opens a client to a named service; the composition root decides over which transport."""

TIMEOUT = httpx.Timeout(5.0, connect=2.0)
RENEW_BEFORE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a service shows the gateway's token endpoint."""

    client_id: str
    client_secret: str = field(repr=False)


def over_network(urls: Mapping[str, str]) -> Connect:
    """Reach services by their URLs."""

    def connect(name: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=urls[name], timeout=TIMEOUT)

    return connect


@dataclass(slots=True)
class Peer:
    """Calls one other service, fetching and renewing the token that it asks for."""

    name: str
    connect: Connect
    credentials: Credentials
    clock: Clock
    _clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    _token: str = field(default="", repr=False)
    _good_until: datetime | None = None

    async def get(self, path: str, params: Mapping[str, int | str] | None = None) -> httpx.Response:
        """GET with a token for this peer. A token that it refuses is replaced, once."""
        response = await self._get(path, params)
        if response.status_code == 401:
            # The gateway has another key than when it signed this token: once more, with a new one.
            self._good_until = None
            response = await self._get(path, params)
        return response

    async def _get(self, path: str, params: Mapping[str, int | str] | None) -> httpx.Response:
        return await self._client(self.name).get(
            path, params=params, headers={"Authorization": f"Bearer {await self._fresh_token()}"}
        )

    async def _fresh_token(self) -> str:
        now = self.clock()
        if self._good_until is None or now >= self._good_until:
            response = await self._client("gateway").post(
                "/oauth2/token",
                data={"grant_type": "client_credentials", "audience": self.name},
                auth=(self.credentials.client_id, self.credentials.client_secret),
            )
            response.raise_for_status()
            answer = response.json()
            self._token = answer["access_token"]
            self._good_until = now + timedelta(seconds=answer["expires_in"]) - RENEW_BEFORE
        return self._token

    def _client(self, name: str) -> httpx.AsyncClient:
        # Opened late: an embedded tracker's apps exist only once all are assembled.
        if name not in self._clients:
            self._clients[name] = self.connect(name)
        return self._clients[name]

    async def close(self) -> None:
        """Close the connections; the next call opens them again."""
        while self._clients:
            await self._clients.popitem()[1].aclose()
